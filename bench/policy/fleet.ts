import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../test/support/free-port.ts";
import type { RunningPostgres } from "../../test/support/postgres.ts";
import type { Asked, Told } from "./gateways.ts";

const TOKEN = "bench-agent-token";

/** Processes of gateways; see `gateways.ts`. */
export interface Fleet {
	readonly ports: readonly number[];
	readonly token: string;
	/** Asks every process and answers when all have told. */
	ask<K extends Told["kind"]>(asked: Asked, told: K): Promise<Extract<Told, { kind: K }>[]>;
	stop(): Promise<void>;
}

/** Starts `processes` times `each` gateways in front of one server; `policy` is their configuration's part on bundles. */
export async function startFleet(
	server: RunningPostgres,
	processes: number,
	each: number,
	policy: Readonly<Record<string, unknown>>,
): Promise<Fleet> {
	const directory = mkdtempSync(join(tmpdir(), "sallyport-bench-fleet-"));
	const children: ChildProcess[] = [];
	const stop = async () => {
		for (const child of children) child.kill("SIGKILL");
		rmSync(directory, { recursive: true, force: true });
	};
	try {
		const ports: number[] = [];
		for (let index = 0; index < processes; index += 1) {
			const files: string[] = [];
			for (let at = 0; at < each; at += 1) {
				const name = `gateway-${index}-${at}`;
				const file = join(directory, `${name}.json`);
				writeFileSync(file, JSON.stringify(await configuration(server, join(directory, name), name, policy)));
				files.push(file);
			}
			const child = spawn(process.execPath, [join(import.meta.dirname, "gateways.ts"), ...files], {
				stdio: ["ignore", "inherit", "inherit", "ipc"],
				env: { ...process.env, BENCH_TOKEN: TOKEN },
			});
			children.push(child);
			ports.push(...(await toldBy(child, "ready")).ports);
		}
		return {
			ports,
			token: TOKEN,
			ask: (asked, told) =>
				Promise.all(
					children.map((child) => {
						const answer = toldBy(child, told);
						child.send(asked);
						return answer;
					}),
				),
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

function toldBy<K extends Told["kind"]>(child: ChildProcess, kind: K): Promise<Extract<Told, { kind: K }>> {
	return new Promise((resolve, reject) => {
		const hear = (told: Told) => {
			if (told.kind !== kind) return;
			child.off("message", hear);
			child.off("exit", ended);
			resolve(told as Extract<Told, { kind: K }>);
		};
		const ended = (code: number | null) => reject(new Error(`a process of gateways ended with ${code}`));
		child.on("message", hear);
		child.once("exit", ended);
	});
}

async function configuration(
	{ host, port, database, user, password }: RunningPostgres,
	dataDir: string,
	id: string,
	policy: Readonly<Record<string, unknown>>,
) {
	return {
		data_dir: dataDir,
		listeners: {
			control: { address: `127.0.0.1:${await freePort()}` },
			postgres: { address: "127.0.0.1:0" },
		},
		labels: { id },
		identity: {
			static_tokens: [{ token: TOKEN, subject: "bench", kind: "agent", groups: ["agents"] }],
		},
		connections: [{ name: "orders", type: "postgres", upstream: { host, port, database, user, password } }],
		...policy,
	};
}
