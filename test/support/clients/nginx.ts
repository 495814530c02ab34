import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../free-port.ts";
import { unreferenced, watchdog } from "../watchdog.ts";
import { installPackage } from "./package-manager.ts";
import { findProgram } from "./programs.ts";

const START_TIMEOUT_MS = 10_000;

export interface RunningNginx {
	readonly url: string;
	/** What it serves: a file at `NAME` is at `url/NAME`. */
	readonly directory: string;
	stop(): Promise<void>;
}

/** Starts a throwaway nginx that serves the files of a directory, and nothing else. */
export async function startNginx(): Promise<RunningNginx> {
	const program = await nginxProgram();
	const prefix = mkdtempSync(join(tmpdir(), "sallyport-nginx-"));
	chmodSync(prefix, 0o755);
	const port = await freePort();
	const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
		(name) => `${name}_temp_path ${prefix}/tmp-${name};`,
	);
	const file = join(prefix, "nginx.conf");
	writeFileSync(
		file,
		`daemon off; pid ${prefix}/pid; error_log ${prefix}/error.log; worker_processes 1;
events {}
http {
	access_log off; ${temporary.join(" ")}
	server { listen 127.0.0.1:${port}; root ${prefix}; default_type application/octet-stream; }
}
`,
	);
	const child = spawn(program, ["-p", prefix, "-c", file], { stdio: "ignore" });
	const guard = watchdog(child, prefix);
	unreferenced(child);
	const ended = once(child, "exit");
	const url = `http://127.0.0.1:${port}`;
	for (const deadline = Date.now() + START_TIMEOUT_MS; !(await answers(url)); await sleep(20)) {
		if (child.exitCode !== null || Date.now() > deadline) throw new Error("nginx did not start");
	}
	return {
		url,
		directory: prefix,
		stop: async () => {
			child.ref();
			child.kill("SIGTERM");
			await ended;
			await guard.release();
			rmSync(prefix, { recursive: true, force: true });
		},
	};
}

export async function nginxProgram(): Promise<string> {
	const find = () => findProgram("nginx", ["/usr/sbin"]);
	const found = find();
	if (found !== undefined) return found;
	await installPackage("nginx-light", "nginx");
	const installed = find();
	if (installed === undefined) throw new Error("apt-get installed nginx-light, but there is no nginx");
	return installed;
}

async function answers(url: string): Promise<boolean> {
	return (await fetch(`${url}/nginx.conf`).catch(() => null))?.ok === true;
}
