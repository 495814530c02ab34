/**
 * A process that holds several gateways, each with a live session that asks the same question again and again. Started
 * with the gateways' configuration files as arguments; a question and what is asked of the process come by messages.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { loadConfig } from "../../src/config/index.ts";
import type { startGateway } from "../../src/main.ts";
import { clockMs } from "./clock.ts";

export type Asked =
	/** Tell when the answer to the question becomes the one that is wanted, at each gateway. */
	| { readonly kind: "until"; readonly denied: boolean }
	/** The longest that the process did not get to its work since this was asked last, in milliseconds. */
	| { readonly kind: "pause" };

export type Told =
	| { readonly kind: "ready"; readonly ports: readonly number[] }
	/** By `clockMs`. */
	| { readonly kind: "enforced"; readonly at: readonly number[] }
	| { readonly kind: "paused"; readonly longest: number };

export const QUESTION = "SELECT id FROM secrets LIMIT 1";
const EVERY_MS = 50;
const PATIENCE_MS = 120_000; // 10 MB of data take seconds to be read and tried
const QUIET = { debug() {}, info() {}, warn() {}, error: console.error };

const tell = (told: Told) => process.send?.(told);

// As it is delivered: the built product.
const { startGateway: start } = (await import("../../dist/main.js" as string)) as {
	startGateway: typeof startGateway;
};
const sessions: pg.Client[] = [];
const ports: number[] = [];
for (const file of process.argv.slice(2)) {
	const { listeners } = await start(loadConfig(file, process.env), QUIET);
	const address = listeners.find(({ name }) => name === "postgres")?.address ?? "";
	const port = Number(address.slice(address.lastIndexOf(":") + 1));
	ports.push(port);
	sessions.push(await session(port));
}
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

process.on("message", (asked: Asked) => {
	if (asked.kind === "pause") {
		tell({ kind: "paused", longest: delay.max / 1e6 });
		delay.reset();
		return;
	}
	void Promise.all(sessions.map((client) => until(client, asked.denied))).then((at) =>
		tell({ kind: "enforced", at }),
	);
});
process.on("disconnect", () => process.exit());
tell({ kind: "ready", ports });

async function session(port: number): Promise<pg.Client> {
	for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(100)) {
		const client = new pg.Client({
			host: "127.0.0.1",
			port,
			user: "bench",
			password: process.env["BENCH_TOKEN"] ?? "",
			database: "orders",
		});
		client.on("error", (error) => console.error(error));
		try {
			await client.connect();
			return client;
		} catch (error) {
			if (Date.now() > deadline) throw error;
		}
	}
}

async function until(client: pg.Client, denied: boolean): Promise<number> {
	for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(EVERY_MS)) {
		const answer = await client.query(QUESTION).then(
			() => "allowed",
			(error: { code?: string }) => (error.code === "42501" ? "denied" : "failed"),
		);
		if (answer === (denied ? "denied" : "allowed")) return clockMs();
	}
	return Number.POSITIVE_INFINITY;
}
