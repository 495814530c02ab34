import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type RunningGateway, startGateway } from "../../../support/gateway.ts";
import { type RunningPostgres, startPostgres } from "../../../support/postgres.ts";
import { outline, WireClient } from "../../../support/wire-client.ts";
import { bind, describe, execute, FLUSH, parse, query, run, SYNC } from "../../../support/wire-messages.ts";
import { policyOf } from "../../../support/wire-pair.ts";
import { HostileRelay } from "./relay.ts";

const CANARY = "qzxjkvwy-hgfpdtbn";
const SCHEMA = `
	CREATE TABLE people (id int, secret text);
	INSERT INTO people SELECT n, '${CANARY}' FROM generate_series(1, 5) n;
	CREATE TABLE t (a int)`;
const POLICY = policyOf(`
	allow contains {"rule": "all"}
	mask contains {"rule": "pii", "columns": ["public.people.secret"], "transform": "redact"}`);

/** What a client asks meanwhile: one write each, and how many ReadyForQuery it would be answered with. */
const ASKED: readonly (readonly [messages: readonly Buffer[], ready: number])[] = [
	[[query("SELECT id, secret FROM people")], 1],
	[[parse("SELECT secret, id FROM people"), bind(), describe.portal(), execute("", 2), execute(), SYNC], 1],
	[[query("BEGIN; INSERT INTO t VALUES (1)")], 1],
	[[...run("SELECT 1"), FLUSH, ...run("SELECT 1/0"), SYNC, query("ROLLBACK")], 2],
	[[query("SET search_path = public"), query("COPY (SELECT 1) TO STDOUT")], 2],
	[[query("CREATE TEMP TABLE x (a int)"), query("SELECT secret FROM people, x")], 2],
];

/** A gateway whose server can be made to answer nonsense. */
export interface BrokenUpstream {
	/** One session with a server that goes wrong by this seed. Throws when the gateway does not take it as it should. */
	endure(seed: number): Promise<void>;
	stop(): Promise<void>;
}

export async function openBrokenUpstream(): Promise<BrokenUpstream> {
	const postgres = await startPostgres();
	let relay: HostileRelay | null = null;
	let gateway: RunningGateway | null = null;
	try {
		await postgres.query(SCHEMA);
		relay = await HostileRelay.open(postgres);
		gateway = await startGateway({ policy: POLICY, upstream: { ...postgres, port: relay.port } });
		return new Endurance(postgres, relay, gateway);
	} catch (error) {
		await gateway?.stop();
		relay?.close();
		await postgres.stop();
		throw error;
	}
}

/** However much a server says that it will send, memory is taken for what has come; compiling WebAssembly takes most. */
const MOST_MEMORY = 1500 << 20;

class Endurance implements BrokenUpstream {
	readonly #postgres: RunningPostgres;
	readonly #relay: HostileRelay;
	readonly #gateway: RunningGateway;

	constructor(postgres: RunningPostgres, relay: HostileRelay, gateway: RunningGateway) {
		this.#postgres = postgres;
		this.#relay = relay;
		this.#gateway = gateway;
	}

	async endure(seed: number): Promise<void> {
		this.#relay.arm(seed);
		// Start-up is spoiled as well, where the seed's turn comes that early.
		const client = await this.#connect().catch(() => null);
		if (client !== null) {
			for (const [messages, ready] of ASKED) {
				if (client.ended) break;
				await client.ask(messages, ready).catch((error: Error) => {
					assert.ok(client.ended, `neither answered nor ended: ${error.message}`);
				});
			}
			client.close();
			const received = Buffer.concat(client.everything).toString("latin1");
			assert.ok(!received.includes(CANARY), "no masked value came");
		}
		this.#relay.arm(null);
		const next = await this.#connect();
		assert.equal(outline(await next.ask([query("SELECT 1")])), "T D C(SELECT 1) ZI");
		next.close();
		assert.ok(this.#memory() < MOST_MEMORY, `${this.#memory()} bytes`);
	}

	async stop(): Promise<void> {
		await this.#gateway.stop();
		this.#relay.close();
		await this.#postgres.stop();
	}

	#connect(): Promise<WireClient> {
		const { host, pgPort, database, tokens } = this.#gateway;
		return WireClient.connect({ host, port: pgPort, user: "agent", database, password: tokens.agent });
	}

	#memory(): number {
		const status = readFileSync(`/proc/${this.#gateway.pid}/status`, "utf8");
		return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
	}
}
