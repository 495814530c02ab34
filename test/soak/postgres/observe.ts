import { readdirSync, readFileSync } from "node:fs";
import type { RunningGateway } from "../../support/gateway.ts";
import type { RunningPostgres } from "../../support/postgres.ts";

/** The gateway as it stands, seen from outside. */
export interface Sample {
	readonly residentMb: number;
	readonly openFiles: number;
	/** As its metrics say. */
	readonly sessions: number;
	/** On the server: connections for sessions, and those for the catalog; null while it can't be asked. */
	readonly upstream: { readonly sessions: number; readonly control: number } | null;
}

export async function observe(gateway: RunningGateway, postgres: RunningPostgres): Promise<Sample> {
	return {
		residentMb: resident(gateway.pid) / 1e6,
		openFiles: readdirSync(`/proc/${gateway.pid}/fd`).length,
		sessions: await sessionsOf(gateway),
		upstream: await upstreamOf(postgres).catch(() => null),
	};
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
