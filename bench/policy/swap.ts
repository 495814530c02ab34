import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { type RunningPostgres, startPostgres } from "../../test/support/postgres.ts";
import { type Fleet, startFleet } from "./fleet.ts";
import { makeRevisions, manyPeople, manyRules } from "./revisions.ts";

const CLIENTS = 4;
/** How long one window of load is; one swap falls into it, or none. */
const WINDOW_MS = 1_000;

const POLICIES: Readonly<Record<string, () => Readonly<Record<string, string>>>> = {
	"the default policy": () => ({}),
	"1,000 rules": () => ({ "many.rego": manyRules(1_000) }),
	"10 MB of data": () => ({ "data.json": manyPeople(10) }),
};

/**
 * What a swap costs those who are at work: windows of load on one live gateway, with and without a new revision in
 * them. The pause is the longest time that the gateway's thread did not get to its next turn; the wait that of the
 * slowest statement, as its client sees it.
 */
export async function benchSwap(quick: boolean): Promise<void> {
	const server = await startPostgres();
	try {
		await server.query("CREATE TABLE secrets (id int)");
		for (const [name, files] of Object.entries(POLICIES))
			await measure(name, files(), server, quick ? 4 : 12);
	} finally {
		await server.stop();
	}
}

async function measure(
	name: string,
	files: Readonly<Record<string, string>>,
	server: RunningPostgres,
	windows: number,
): Promise<void> {
	const directory = mkdtempSync(join(tmpdir(), "sallyport-bench-swap-"));
	const bundle = join(directory, "bundle.tar.gz");
	const revisions = await makeRevisions(files);
	const put = async (denying: boolean) => {
		writeFileSync(`${bundle}.next`, await revisions.next(denying));
		renameSync(`${bundle}.next`, bundle);
	};
	await put(false);
	const limits = { size_limit_bytes: 64 << 20 };
	const fleet = await startFleet(server, 1, 1, {
		bundles: { main: { resource: `file://${bundle}`, ...limits } },
	});
	try {
		const load = await startLoad(fleet);
		const quiet: Window[] = [];
		const swapped: Window[] = [];
		let denied = false;
		for (let window = 0; window <= windows; window += 1) {
			const without = await watch(fleet, load, () => sleep(WINDOW_MS));
			denied = !denied;
			await put(denied);
			const asked = fleet.ask({ kind: "until", denied }, "enforced");
			const swap = await watch(fleet, load, async () => {
				await asked;
				await sleep(WINDOW_MS / 4);
			});
			if (window > 0) {
				quiet.push(without);
				swapped.push(swap);
			}
		}
		await load.stop();
		console.log(`swap under load (${CLIENTS} clients), ${name}, ${windows} swaps:`);
		report("without", quiet);
		report("swap", swapped);
		console.log("");
	} finally {
		await fleet.stop();
		rmSync(directory, { recursive: true, force: true });
	}
}

interface Window {
	readonly pause: number;
	readonly wait: number;
	readonly statements: number;
}

interface Load {
	/** The slowest statement since this was asked last, in milliseconds, and how many there were. */
	take(): { readonly wait: number; readonly statements: number };
	stop(): Promise<void>;
}

async function watch(fleet: Fleet, load: Load, work: () => Promise<unknown>): Promise<Window> {
	await fleet.ask({ kind: "pause" }, "paused");
	load.take();
	await work();
	const [paused] = await fleet.ask({ kind: "pause" }, "paused");
	return { pause: paused?.longest ?? Number.NaN, ...load.take() };
}

async function startLoad(fleet: Fleet): Promise<Load> {
	let running = true;
	let wait = 0;
	let statements = 0;
	const clients = Array.from({ length: CLIENTS }, async () => {
		const client = new pg.Client({
			host: "127.0.0.1",
			port: fleet.ports[0] ?? 0,
			user: "bench",
			password: fleet.token,
			database: "orders",
		});
		await client.connect();
		while (running) {
			const started = performance.now();
			await client.query({ name: "one", text: "SELECT 1" });
			wait = Math.max(wait, performance.now() - started);
			statements += 1;
		}
		await client.end();
	});
	return {
		take: () => {
			const taken = { wait, statements };
			wait = 0;
			statements = 0;
			return taken;
		},
		stop: async () => {
			running = false;
			await Promise.all(clients);
		},
	};
}

function report(what: string, windows: readonly Window[]): void {
	const figure = (pick: (window: Window) => number) => {
		const sorted = windows.map(pick).sort((a, b) => a - b);
		const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
		return `median ${median.toFixed(1)}, most ${(sorted.at(-1) ?? Number.NaN).toFixed(1)} ms`;
	};
	const statements = windows.reduce((sum, window) => sum + window.statements, 0);
	console.log(
		`  ${what.padEnd(8)} longest pause of the thread: ${figure(({ pause }) => pause)}; slowest statement: ${figure(({ wait }) => wait)} (${statements} statements)`,
	);
}
