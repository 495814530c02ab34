import type { Pooler } from "../../../connections/index.ts";
import { type Clock, systemClock } from "../../../lib/index.ts";
import type { UpstreamSession } from "./connect.ts";
import { ControlConnection } from "./control-connection.ts";
import { UpstreamError } from "./errors.ts";
import { askOnce } from "./messages.ts";
import { type PostgresServer, serverKey } from "./server.ts";

const ASK_PROCESS = "SELECT pg_catalog.pg_backend_pid()";
/** How long a verdict holds: a pooler may be configured otherwise while it runs. */
const VERDICT_MS = 60_000;
/** A pool without a free connection lets one wait: then nothing is known. */
const PROBE_TIMEOUT_MS = 5_000;
const ROUNDS = 3;

type Verdict = "direct" | "session" | "shared" | "unknown";

/**
 * Finds out whether a session keeps its server process, on which everything rests that the gateway knows of the
 * session. A server names its process in the session's key and in `pg_backend_pid()`; where the two differ something
 * stands in between that makes keys of its own, and two connections show whether it takes a process away from a session
 * that is between two transactions: either the second gets the first one's, or the first one's is another one
 * afterwards. A pooler that hands connections out by turns or by last use is found in the first round; other clients of
 * the same pool may hide it in one, hardly in three.
 *
 * What it does not find: a pooler that passes the server's own keys on and changes the process later. A session finds
 * that when it reads its settings, and ends.
 */
export class PoolerWatch {
	readonly #clock: Clock;
	readonly #known = new Map<string, { readonly verdict: Verdict; readonly until: number }>();
	readonly #probing = new Map<string, Promise<Verdict>>();

	constructor(clock: Clock = systemClock) {
		this.#clock = clock;
	}

	/**
	 * @param declared what the connection's configuration says
	 * @returns the server process that the session is on, as far as it is known by now; null where it is declared to change
	 * @throws UpstreamError when the session doesn't keep it, or when that can't be told
	 */
	async confirm(session: UpstreamSession, database: string, declared: Pooler): Promise<number | null> {
		if (declared === "transaction") return null;
		const { server, socket, backendKey } = session;
		const key = JSON.stringify([serverKey(server), database, server.user]);
		if (backendKey !== null && this.#verdict(key) === "direct") return backendKey.processId;
		const process = Number((await askOnce(socket, ASK_PROCESS))[0]?.[0]);
		if (process === backendKey?.processId) {
			this.#keep(key, "direct");
			return process;
		}
		if (declared === "session") return process;
		const verdict = this.#verdict(key) ?? (await this.#probe(key, server, database));
		if (verdict === "shared") throw new UpstreamError("upstream_pooled");
		if (verdict === "unknown") throw new UpstreamError("upstream_pooler_unknown");
		return process;
	}

	#verdict(key: string): Verdict | undefined {
		const known = this.#known.get(key);
		if (known !== undefined && known.until > this.#clock.now()) return known.verdict;
		this.#known.delete(key);
		return undefined;
	}

	#keep(key: string, verdict: Verdict): void {
		this.#known.set(key, { verdict, until: this.#clock.now() + VERDICT_MS });
	}

	/** One probe at a time for a server; its good outcome is kept, so that what was put right counts at once. */
	#probe(key: string, server: PostgresServer, database: string): Promise<Verdict> {
		const running = this.#probing.get(key);
		if (running !== undefined) return running;
		const probe = probeMode(server, database)
			.then((verdict) => {
				if (verdict === "session") this.#keep(key, verdict);
				return verdict;
			})
			.finally(() => this.#probing.delete(key));
		this.#probing.set(key, probe);
		return probe;
	}
}

async function probeMode(server: PostgresServer, database: string): Promise<Verdict> {
	const opened: ControlConnection[] = [];
	const open = async () => {
		const options = { database, applicationName: "sallyport probe", timeoutMs: PROBE_TIMEOUT_MS };
		const connection = await ControlConnection.open(server, options);
		opened.push(connection);
		return async () => (await connection.query(ASK_PROCESS))[0]?.[0];
	};
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<Verdict>((resolve) => {
		timer = setTimeout(resolve, PROBE_TIMEOUT_MS, "unknown");
	});
	try {
		return await Promise.race([late, compare(open)]);
	} catch {
		return "unknown";
	} finally {
		clearTimeout(timer);
		for (const connection of opened) connection.close();
	}
}

async function compare(open: () => Promise<() => Promise<string | null | undefined>>): Promise<Verdict> {
	const first = await open();
	const second = await open();
	for (let round = 0; round < ROUNDS; round++) {
		const mine = await first();
		if ((await first()) !== mine || (await second()) === mine || (await first()) !== mine) return "shared";
	}
	return "session";
}
