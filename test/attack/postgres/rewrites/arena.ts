import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { type RunningGateway, startGateway } from "../../../support/gateway.ts";
import { type RunningPostgres, startPostgres } from "../../../support/postgres.ts";
import { type Received, WireClient } from "../../../support/wire-client.ts";
import { query } from "../../../support/wire-messages.ts";
import { policyOf } from "../../../support/wire-pair.ts";
import type { Attempt } from "./attempts.ts";

const SCHEMA = readFileSync(join(import.meta.dirname, "schema.sql"), "utf8");

/** Everything is allowed that neither reaches the vault nor changes the ledger, and can be judged. */
const POLICY = policyOf(`
	allow contains {"rule": "all"}
	deny contains {"rule": "unknown"} if "unknown" in input.command.statements[_].effects
	deny contains {"rule": "vault"} if input.command.statements[_].relations[_].schema == "vault"
	deny contains {"rule": "ledger"} if input.command.writes[_].relation == "public.ledger"
	deny contains {"rule": "ledger"} if {
		some relation in input.command.statements[_].relations
		relation.name == "ledger"
		some access in relation.access
		not access in {"select", "lock"}
	}`);

/** How often the vault was scanned and how many rows of either table were changed, by the server's own counters. */
const HARM = `
	SELECT concat_ws(' ', pg_stat_get_numscans(v.oid) + pg_stat_get_numscans(b.oid),
		pg_stat_get_tuples_inserted(l.oid) + pg_stat_get_tuples_updated(l.oid) + pg_stat_get_tuples_deleted(l.oid),
		l.relfilenode, v.relfilenode, l.relnatts)
	FROM pg_class l, pg_class v, pg_class b
	WHERE l.oid = $1 AND v.oid = $2 AND b.oid = $3`;
const OIDS = "SELECT 'ledger'::regclass::oid, 'vault.secrets'::regclass::oid, 'vault.branch'::regclass::oid";
const RESTORE = `
	INSERT INTO masters VALUES (1), (2) ON CONFLICT DO NOTHING;
	DELETE FROM ledger;
	INSERT INTO ledger (id, note, master) VALUES (1, 'one', 1), (2, 'two', 2)`;

/** Behind each attempt: as a new session, and its counters where the watcher sees them. */
const CLEAN_UP = ["ROLLBACK", "DEALLOCATE ALL", "CLOSE ALL", "SELECT pg_stat_force_next_flush()"];
/** Behind these a session is not as it was. */
const LASTING = /\bset\b|set_config|temp/i;

/** One database of the arena, and a session on it. */
class Side {
	readonly #connect: () => Promise<WireClient>;
	readonly #watcher: pg.Client;
	#oids: readonly unknown[] = [];
	#client: WireClient | null = null;
	#harm = "";

	constructor(connect: () => Promise<WireClient>, watcher: pg.Client) {
		this.#connect = connect;
		this.#watcher = watcher;
	}

	async start(): Promise<void> {
		await this.#watcher.connect();
		await this.#watcher.query(SCHEMA);
		this.#oids = (await this.#watcher.query({ text: OIDS, rowMode: "array" })).rows[0] as unknown[];
		await this.#watcher.query("SELECT pg_stat_force_next_flush()");
		this.#harm = await this.#read();
	}

	/** Sends all of it; true when the server counts that the vault was read or the ledger changed meanwhile. */
	async suffers({ writes, texts }: Attempt): Promise<boolean> {
		const client = await this.#session();
		for (const { messages, ready } of writes) await this.#ask(client, messages, ready);
		await this.#ask(client, CLEAN_UP.map(query), CLEAN_UP.length);
		if (texts.some((text) => LASTING.test(text))) client.close();
		const now = await this.#read();
		const harmed = now !== this.#harm;
		if (harmed) {
			await this.#watcher.query(RESTORE);
			await this.#watcher.query("SELECT pg_stat_force_next_flush()");
			this.#harm = await this.#read();
		}
		return harmed;
	}

	async stop(): Promise<void> {
		this.#client?.close();
		await this.#watcher.end();
	}

	async #read(): Promise<string> {
		const { rows } = await this.#watcher.query({ text: HARM, values: [...this.#oids], rowMode: "array" });
		return String(rows[0]?.[0]);
	}

	async #session(): Promise<WireClient> {
		if (this.#client === null || this.#client.ended) this.#client = await this.#connect();
		return this.#client;
	}

	/** A session that is ended says no more: as good a refusal as any other. */
	async #ask(client: WireClient, messages: readonly Buffer[], ready: number): Promise<Received[]> {
		if (client.ended) return [];
		return client.ask(messages, ready).catch((error: unknown) => {
			if (client.ended) return [];
			throw error;
		});
	}
}

/** A server with the same world twice: one is reached directly, the other through a gateway. */
export interface Arena {
	/** The attempt does harm where nothing stands in its way. */
	harmful(attempt: Attempt): Promise<boolean>;
	/** The attempt gets past the gateway; `log` is what the server logged meanwhile. */
	passes(attempt: Attempt): Promise<{ readonly harmed: boolean; readonly log: string }>;
	stop(): Promise<void>;
}

export async function openArena(version: 15 | 18): Promise<Arena> {
	const postgres = await startPostgres({ version });
	let gateway: RunningGateway | null = null;
	const sides: Side[] = [];
	try {
		const { host, port, user, password } = postgres;
		await postgres.query("CREATE ROLE clerk");
		await postgres.query("CREATE DATABASE guarded");
		gateway = await startGateway({
			policy: POLICY,
			upstream: { host, port, database: "guarded", user, password },
		});
		const { pgPort, tokens, database } = gateway;
		const direct = new Side(
			() => WireClient.connect({ host, port, user, password, database: "postgres" }),
			watcherOf(postgres, "postgres"),
		);
		const through = new Side(
			() => WireClient.connect({ host, port: pgPort, user: "agent", database, password: tokens.agent }),
			watcherOf(postgres, "guarded"),
		);
		for (const side of [direct, through]) {
			sides.push(side);
			await side.start();
		}
		return {
			harmful: (attempt) => direct.suffers(attempt),
			passes: async (attempt) => {
				postgres.logSince();
				const harmed = await through.suffers(attempt);
				return { harmed, log: postgres.logSince() };
			},
			stop: () => stop(sides, gateway, postgres),
		};
	} catch (error) {
		await stop(sides, gateway, postgres);
		throw error;
	}
}

async function stop(sides: readonly Side[], gateway: RunningGateway | null, postgres: RunningPostgres) {
	for (const side of sides) await side.stop();
	await gateway?.stop();
	await postgres.stop();
}

function watcherOf({ socketDir, port, user }: RunningPostgres, database: string): pg.Client {
	return new pg.Client({ host: socketDir, port, user, database });
}
