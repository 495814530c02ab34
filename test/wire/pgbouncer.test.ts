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
		await postgres.query("CREATE TABLE public.u (a int); INSERT INTO public.u VALUES (1)");
		await postgres.query(
			"CREATE FUNCTION public.own_path() RETURNS int LANGUAGE sql SET search_path = public AS 'SELECT a FROM u'",
		);
		await postgres.query(
			"CREATE ROLE app LOGIN; GRANT ALL ON SCHEMA public, other TO app; GRANT ALL ON public.u, other.t TO app",
		);
		const target = `host=127.0.0.1 port=${postgres.port} user=postgres`;
		for (const mode of MODES) poolers.push(await startPgbouncer({ mode, target }));
		poolers.push(await startPgbouncer({ mode: "session", target, settings: { default_pool_size: 1 } }));
		poolers.push(
			await startPgbouncer({ mode: "transaction", target: `host=127.0.0.1 port=${postgres.port} user=app` }),
		);
		const connection = (name: string, port: number, more: Record<string, unknown> = {}) => ({
			...{ name, type: "postgres" },
			upstream: { host: "127.0.0.1", port, database: "postgres", user: "postgres", ...more },
		});
		const [session = 0, transaction = 0, statement = 0, narrow = 0, pinned = 0] = poolers.map(
			({ port }) => port,
		);
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
					connection("pinned", pinned, { pooler: "transaction", user: "app" }),
					connection("pinned-superuser", transaction, { pooler: "transaction" }),
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

	describe("declared to be in transaction mode, where each transaction begins with the session's settings", () => {
		/** Somebody else's session on the same pool, without the gateway. */
		const beside = () => {
			const { host, port } = poolers[4] as RunningPgbouncer;
			return WireClient.connect({ host, port, user: "app", database: "postgres" });
		};

		it("what others leave on the server process changes nothing, and nothing is left for them", async () => {
			const other = await beside();
			const client = await connect("pinned", { options: "-c search_path=other" });
			for (const left of [
				"SET search_path = pg_catalog",
				"SET row_security = off",
				"SET transform_null_equals = on",
			])
				await other.ask([query(left)]);
			await other.ask([query("CREATE TEMPORARY TABLE t (b int)")]);
			assert.equal(await first(client, "SHOW search_path"), "other, pg_temp");
			assert.equal(await first(client, "SHOW row_security"), "on");
			assert.equal(outline(await client.ask([query("SELECT a FROM t")])), "T C(SELECT 0) ZI");
			assert.equal(
				outline(await client.ask([parse("SELECT a FROM t"), bind(), execute(), SYNC])),
				"1 2 C(SELECT 0) ZI",
			);
			assert.equal(await first(other, "SHOW search_path"), "pg_catalog");
			assert.equal(await first(other, "SHOW default_transaction_read_only"), "off");
			// Another's notifications come to whoever is on the process just then.
			await other.ask([query("LISTEN mine")]);
			await postgres.query("NOTIFY mine");
			assert.equal(outline(await client.ask([query("SELECT a FROM public.u")])), "T D C(SELECT 1) ZI");
			client.close();
			other.close();
		});

		it("two sessions take turns on one server process, each with its own settings", async () => {
			const [one, two] = [
				await connect("pinned", { options: "-c search_path=other" }),
				await connect("pinned", { options: "-c search_path=public -c statement_timeout=77s" }),
			];
			for (let round = 0; round < 3; round++) {
				assert.equal(outline(await one.ask([query("SELECT a FROM t")])), "T C(SELECT 0) ZI");
				assert.equal(outline(await two.ask([query("SELECT a FROM u")]), true), "T D(1) C(SELECT 1) ZI");
				assert.equal(errorOf(await two.ask([query("SELECT a FROM t")])).get("C"), "42P01");
				assert.equal(await first(two, "SHOW statement_timeout"), "77s");
				assert.equal(await first(one, "SHOW statement_timeout"), "0");
			}
			one.close();
			two.close();
		});

		it("blocks, isolation levels, SET LOCAL and errors are what they are directly", async () => {
			const client = await connect("pinned");
			const block = [
				query("BEGIN ISOLATION LEVEL SERIALIZABLE"),
				query("SET LOCAL search_path = other, pg_temp"),
				query("SELECT a FROM t"),
				query("SHOW transaction_isolation"),
				query("COMMIT"),
				query("SELECT a FROM u"),
			];
			assert.equal(
				outline(await client.ask(block, block.length), true),
				"C(BEGIN) ZT C(SET) ZT T C(SELECT 0) ZT T D(serializable) C(SHOW) ZT C(COMMIT) ZI T D(1) C(SELECT 1) ZI",
			);
			const failing = [
				query("BEGIN"),
				query("SELECT 1/0"),
				query("SELECT 1"),
				query("ROLLBACK"),
				query("SELECT a FROM u"),
			];
			assert.equal(
				outline(await client.ask(failing, failing.length), true),
				"C(BEGIN) ZT E(22012) ZE E(25P02) ZE C(ROLLBACK) ZI T D(1) C(SELECT 1) ZI",
			);
			assert.equal(
				outline(await client.ask([query("INSERT INTO u VALUES (2); DELETE FROM u WHERE a = 2")])),
				"C(INSERT 0 1) C(DELETE 1) ZI",
			);
			client.close();
		});

		it("a statement prepared in an earlier transaction is prepared again, and nobody else's runs in its place", async () => {
			const [client, other] = [await connect("pinned"), await beside()];
			assert.equal(outline(await client.ask([parse("SELECT a + $1::int FROM u"), SYNC])), "1 ZI");
			await other.ask([parse("DELETE FROM u"), SYNC]); // on the same process: its unnamed statement now
			assert.equal(
				outline(await client.ask([bind("", "", ["1"]), execute(), SYNC]), true),
				"2 D(2) C(SELECT 1) ZI",
			);
			assert.equal(
				outline(await client.ask([bind("", "", ["2"]), execute(), SYNC]), true),
				"2 D(3) C(SELECT 1) ZI",
			);
			assert.equal(errorOf(await client.ask([parse("SELECT 1", "named"), SYNC])).get("C"), "0A000");
			assert.equal(await first(client, "SELECT count(*) FROM u"), "1");
			client.close();
			other.close();
		});

		it("what would outlive a transaction is refused", async () => {
			const client = await connect("pinned");
			for (const text of [
				"SET search_path = other",
				"SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
				"SET ROLE app",
				"SET SESSION AUTHORIZATION app",
				"RESET ALL",
				"RESET search_path",
				"DISCARD ALL",
				"PREPARE p AS SELECT 1",
				"DEALLOCATE ALL",
				"LISTEN c",
				"CREATE TEMPORARY TABLE x (a int)",
				"SELECT 1 AS a INTO TEMPORARY x",
				"DECLARE c CURSOR WITH HOLD FOR SELECT 1",
				"BEGIN; SET search_path = other; COMMIT",
				"SET LOCAL search_path = other",
				"SELECT own_path()",
				"SET LOCAL search_path TO DEFAULT",
				"BEGIN; COMMIT; SELECT 1",
				"BEGIN; COMMIT AND CHAIN",
				"DO $$ BEGIN COMMIT; END $$",
			])
				assert.equal(outline(await client.ask([query(text)])), "E(0A000) ZI", text);
			assert.equal(await first(client, "SET sallyport.reason = 'x'; SELECT 1"), "1");
			assert.equal(outline(await client.ask([query("VACUUM u")])), "E(25001) ZI");
			const chained = [query("BEGIN"), query("SELECT 1/0"), query("ROLLBACK AND CHAIN"), query("ROLLBACK")];
			assert.equal(
				outline(await client.ask(chained, 4)),
				"C(BEGIN) ZT E(22012) ZE E(0A000) ZE C(ROLLBACK) ZI",
			);
			const inBlock = [
				query("BEGIN"),
				query("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"),
				query("DO $$ BEGIN EXECUTE 'CREATE TEMP TA' || 'BLE z (a int)'; END $$"),
				query("ROLLBACK"),
			];
			assert.equal(outline(await client.ask(inBlock, 4)), "C(BEGIN) ZT C(SET) ZT E(0A000) ZE C(ROLLBACK) ZI");
			client.close();
		});

		it("a function that sets the search path so that others' temporary objects come first ends the session", async () => {
			const client = await connect("pinned");
			const set = query("SELECT set_config('search_path', 'public', true)");
			assert.equal(
				outline(await client.ask([set, query("SELECT a FROM u")], 2)),
				"T D C(SELECT 1) ZI T D C(SELECT 1) ZI",
			);
			client.send(query("BEGIN"), set, query("SELECT a FROM u"));
			assert.equal(errorOf(await client.end()).get("C"), "55P02");
		});

		it("a superuser, whose leavings no other role could put right, isn't let in", async () => {
			await assert.rejects(connect("pinned-superuser"), /0A000/);
		});
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
