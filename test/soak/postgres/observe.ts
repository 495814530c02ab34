import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunningGateway } from "../../support/gateway.ts";
import type { RunningPostgres } from "../../support/postgres.ts";

/** The gateway as it stands, seen from outside. */
export interface Sample {
	readonly residentMb: number;
	/** What JavaScript holds when all that can be collected is. */
	readonly heldMb: number;
	readonly openFiles: number;
	/** As its metrics say. */
	readonly sessions: number;
	/** On the server: connections for sessions, and those for the catalog; null while it can't be asked. */
	readonly upstream: { readonly sessions: number; readonly control: number } | null;
}

/** What the gateway has to be started with, so that `observe` can ask for its memory. */
export const PROBED = {
	NODE_OPTIONS: `--expose-gc --import ${new URL("heap-probe.mjs", import.meta.url).href}`,
	SALLYPORT_SOAK_HEAP: "heap.json",
};

const ANSWER_MS = 30_000;

export async function observe(gateway: RunningGateway, postgres: RunningPostgres): Promise<Sample> {
	return {
		heldMb: await held(gateway),
		residentMb: resident(gateway.pid) / 1e6,
		openFiles: readdirSync(`/proc/${gateway.pid}/fd`).length,
		sessions: await sessionsOf(gateway),
		upstream: await upstreamOf(postgres).catch(() => null),
	};
}

async function held({ directory, pid }: RunningGateway): Promise<number> {
	const answer = () => {
		try {
			return JSON.parse(readFileSync(join(directory, PROBED.SALLYPORT_SOAK_HEAP), "utf8"));
		} catch {
			return { count: 0 }; // it was never asked
		}
	};
	const { count } = answer();
	process.kill(pid, "SIGUSR2");
	for (const deadline = Date.now() + ANSWER_MS; ; await sleep(20)) {
		const now = answer();
		if (now.count > count) return (now.heapUsed + now.external) / 1e6;
		if (Date.now() > deadline) throw new Error(`the gateway does not say what it holds in ${ANSWER_MS} ms`);
	}
}

function resident(pid: number): number {
	return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1_024;
}

async function sessionsOf({ controlUrl, tokens }: RunningGateway): Promise<number> {
	const answer = await fetch(`${controlUrl}/metrics`, {
		headers: { authorization: `Bearer ${tokens.admin}` },
	});
	return Number(/^sallyport_sessions (\d+)/m.exec(await answer.text())?.[1]);
}

async function upstreamOf(postgres: RunningPostgres): Promise<{ sessions: number; control: number }> {
	const counted = await postgres.query(
		"SELECT count(*) FILTER (WHERE application_name <> 'sallyport catalog'), " +
			"count(*) FILTER (WHERE application_name = 'sallyport catalog') " +
			"FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
	);
	const [sessions, control] = counted[0] ?? [];
	return { sessions: Number(sessions), control: Number(control) };
}
