import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunningPgbouncer, startPgbouncer } from "../support/clients/pgbouncer.ts";
import { type RunningGateway, startGateway } from "../support/gateway.ts";
import { type RunningPostgres, startPostgres } from "../support/postgres.ts";
import { errorOf, outline, rows, WireClient } from "../support/wire-client.ts";
import { bind, execute, parse, query, SYNC } from "../support/wire-messages.ts";
import { ALLOW_ALL } from "../support/wire-pair.ts";

const MODES = ["session", "transaction", "statement"] as const;

describe("poolers behind the gateway and before it", () => {
	let postgres: RunningPostgres;
	let gateway: RunningGateway;
	const poolers: RunningPgbouncer[] = [];
	let narrow: Promise<string>;
	before(async () => {
		postgres = await startPostgres();
		await postgres.query("CREATE SCHEMA other; CREATE TABLE other.t (a int)");
		const target = `host=127.0.0.1 port=${postgres.port} user=postgres`;
		for (const mode of MODES) poolers.push(await startPgbouncer({ mode, target }));
		poolers.push(await startPgbouncer({ mode: "session", target, settings: { default_pool_size: 1 } }));
		const connection = (name: string, port: number, more: Record<string, unknown> = {}) => ({
			...{ name, type: "postgres" },
			upstream: { host: "127.0.0.1", port, database: "postgres", user: "postgres", ...more },
		});
		const [session = 0, transaction = 0, statement = 0, narrow = 0] = poolers.map(({ port }) => port);
		gateway = await startGateway({
			upstream: postgres,
			policy: ALLOW_ALL,
			config: {
				connections: [
					connection("session", session),
					connection("transaction", transaction),
					connection("statement", statement),
					connection("narrow", narrow),
					connection("wrongly-declared", transaction, { pooler: "session" }),
					connection("orders", postgres.port),
				],
			},
		});
	});
	before(() => {
		narrow = connect("narrow").then(() => "let in", String); // takes its time, which the other tests use
	});
	after(async () => {
		await gateway.stop();
		for (const pooler of poolers) await pooler.stop();
		await postgres.stop();
	});

	const connect = (database: string, parameters: Readonly<Record<string, string>> = {}) =>
		WireClient.connect({
			...{ host: gateway.host, port: gateway.pgPort, user: "any", password: gateway.tokens.agent },
			...{ database, parameters },
		});
	const first = async (client: WireClient, sql: string) => rows(await client.ask([query(sql)]))[0]?.[0];

	it("in session mode a session is what it is directly: settings, prepared statements, cancel", async () => {
		const client = await connect("session", { options: "-c search_path=other -c statement_timeout=61s" });
		assert.equal(await first(client, "SHOW search_path"), "other");
		assert.equal(await first(client, "SHOW statement_timeout"), "61s");
		assert.equal(outline(await client.ask([query("SELECT a FROM t")])), "T C(SELECT 0) ZI");
		await client.ask([parse("SELECT 1 + $1::int", "s"), SYNC]);
		assert.equal(
			outline(await client.ask([bind("s", "", ["2"]), execute(), SYNC]), true),
			"2 D(3) C(SELECT 1) ZI",
		);
		await client.ask([query("CREATE TEMPORARY TABLE mine (a int)")]);
		assert.equal(outline(await client.ask([query("SELECT * FROM mine")])), "T C(SELECT 0) ZI");
		const before = postgres.log().length;
		client.send(query("SELECT pg_sleep(60)"));
		while (!postgres.log().slice(before).includes("pg_sleep(60)")) await sleep(20);
		await client.cancel();
		assert.equal(outline(await client.ready()), "T E(57014) ZI");
		client.close();
		const next = await connect("session");
		assert.equal(await first(next, "SHOW search_path"), '"$user", public');
		next.close();
	});

	for (const mode of ["transaction", "statement"] as const)
		it(`in ${mode} mode it says that it can't know the session's state, and refuses`, async () => {
			const before = postgres.log().length;
			for (let times = 0; times < 3; times++) await assert.rejects(connect(mode), /0A000/);
			// Nothing was set on what the pooler's other clients use.
			assert.doesNotMatch(postgres.log().slice(before), /default_transaction_read_only|set_config/);
			const { code, stdout, stderr } = await gateway.cli(["connections", "test", mode]);
			assert.equal(code, 1);
			assert.match(`${stdout}${stderr}`, /another server process.*session mode/s);
		});

	it("a pool that has no room to find out is refused, and says so", async () => {
		assert.match(await narrow, /0A000/);
	});

	it("one that was declared to be in session mode and isn't is found out when the server changes", async () => {
		const [one, other] = [await connect("wrongly-declared"), await connect("wrongly-declared")];
		assert.equal(outline(await other.ask([query("BEGIN")])), "C(BEGIN) ZT");
		one.send(query("BEGIN"), query("SET search_path = other"), query("COMMIT"));
		const said = await one.end();
		assert.equal(errorOf(said).get("C"), "08006");
		assert.match(errorOf(said).get("M") ?? "", /another server process/);
		other.close();
	});

	it("PgBouncer before the gateway, in session mode: the gateway is its server", async () => {
		const target = `host=127.0.0.1 port=${gateway.pgPort} user=any password=${gateway.tokens.agent}`;
		const before = await startPgbouncer({ mode: "session", target });
		try {
			const open = () =>
				WireClient.connect({ host: before.host, port: before.port, user: "any", database: "orders" });
			const client = await open();
			assert.equal(await first(client, "SET search_path = other; SELECT 1"), "1");
			assert.equal(outline(await client.ask([query("SELECT a FROM t")])), "T C(SELECT 0) ZI");
			assert.equal(
				outline(await client.ask([parse("SELECT $1::int", "s"), bind("s", "", ["1"]), execute(), SYNC])),
				"1 2 D C(SELECT 1) ZI",
			);
			const logged = postgres.log().length;
			client.send(query("SELECT pg_sleep(60)"));
			while (!postgres.log().slice(logged).includes("pg_sleep(60)")) await sleep(20);
			await client.cancel();
			assert.equal(outline(await client.ready()), "T E(57014) ZI");
			client.socket.end(Buffer.from([0x58, 0, 0, 0, 4]));
			// It resets the session for its next client with DISCARD ALL, which the policy lets it.
			const next = await open();
			assert.equal(await first(next, "SHOW search_path"), '"$user", public');
			next.close();
		} finally {
			await before.stop();
		}
	});
});
