import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { ensureBuilt } from "../../tools/setup/build.mjs";
import { type CliResult, runCli } from "./gateway.ts";
import { unreferenced, watchdog } from "./watchdog.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** `sallyport serve` with nothing but a control listener, as an operator would start a bundle server. */
export interface BundleServerProcess {
	readonly url: string;
	readonly tokens: { readonly admin: string; readonly gateway: string };
	readonly directory: string;
	/** Runs the command line against it, as the admin. Never rejects. */
	cli(args: readonly string[]): Promise<CliResult>;
	stop(): Promise<void>;
}

const TOKENS = { admin: "admin-token-for-tests-only", gateway: "gateway-token-for-tests-only" };

/** `config` stands beside what is needed, such as `keys`. It decides who may push by the shipped policy. */
export async function startBundleServer(
	config: Readonly<Record<string, unknown>> = {},
): Promise<BundleServerProcess> {
	await ensureBuilt();
	const directory = mkdtempSync(join(tmpdir(), "sallyport-bundle-server-"));
	const file = join(directory, "sallyport.yaml");
	writeFileSync(
		file,
		JSON.stringify({
			data_dir: "./data",
			listeners: { control: { address: "127.0.0.1:0" } },
			identity: {
				static_tokens: [
					{ token: TOKENS.admin, subject: "root", kind: "human", groups: ["admins"] },
					{ token: TOKENS.gateway, subject: "gateway-1", kind: "service", groups: ["gateways"] },
				],
			},
			bundles: { own: { resource: `file://${join(ROOT, "tools", "prebuilt", "default.tar.gz")}` } },
			...config,
		}),
	);
	const args = [join(ROOT, "dist", "cli", "main.js"), "serve", "-c", file];
	const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
	const guard = watchdog(child, directory);
	let log = "";
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		log += text;
	});
	const ended = once(child, "exit");
	const stop = async () => {
		child.ref();
		if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
		await ended;
		await guard.release();
		rmSync(directory, { recursive: true, force: true });
	};
	const lines = createInterface({ input: child.stdout });
	const [line] = (await Promise.race([once(lines, "line"), ended.then(() => [""])])) as [string];
	const url = /^control (\S+)$/.exec(line)?.[1];
	if (url === undefined) {
		await stop();
		throw new Error(`the bundle server did not start:\n${line}\n${log}`);
	}
	unreferenced(child);
	return {
		url,
		tokens: TOKENS,
		directory,
		cli: (words) => runCli(words, { SALLYPORT_URL: url, SALLYPORT_TOKEN: TOKENS.admin }),
		stop,
	};
}
