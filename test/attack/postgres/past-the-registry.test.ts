import assert from "node:assert/strict";
import { after, before, beforeEach, describe as suite, test } from "node:test";
import { errorOf, outline, rows, type WireClient } from "../../support/wire-client.ts";
import { bind, close, execute, FLUSH, parse, query, run, SYNC } from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";

/**
 * What a statement or portal of a name is must never be another thing to the gateway than to the server: else what
 * is decided is not what runs.
 */
suite("names that mean one thing to the gateway and another to the server", () => {
	let pair: Pair;
	let client: WireClient;

	before(async () => {
		pair = await startPair({
			schema: `
				CREATE TABLE public.orders (id int);
				CREATE TABLE public.customers (id int, email text, alias text);
				INSERT INTO public.customers VALUES (1, 'canary@example.org', 'nobody');
				CREATE SCHEMA scratch;
				CREATE TABLE scratch.orders (id int);
				CREATE TABLE scratch.customers (id int, email text);
				INSERT INTO scratch.customers VALUES (1, 'nobody');
				SET check_function_bodies = off;
				CREATE FUNCTION public.peek() RETURNS text LANGUAGE sql STABLE AS
					$$ SELECT email FROM customers ORDER BY id LIMIT 1 $$;
				CREATE TABLE public.plain (id int, email text);
				INSERT INTO public.plain VALUES (1, 'nobody');`,
			policy: policyOf(`
				allow contains {"rule": "all"}
				require_approval contains {"rule": "delete", "approvers": ["group:static/approvers"]} if {
					some write in input.command.writes
					write.op in {"delete", "truncate"}
					write.relation == "public.orders"
				}
				deny contains {"rule": "opaque"} if "unknown" in input.command.statements[_].effects
				mask contains {"rule": "pii", "columns": ["public.customers.email"], "transform": "redact"}
			`),
		});
	});
	after(() => pair.stop());

	beforeEach(() => pair.postgres.query("TRUNCATE public.orders; INSERT INTO public.orders VALUES (1), (2)"));

	/** Runs an attack on a fresh session that does not wait for approvals. */
	async function attack(work: () => Promise<void>): Promise<void> {
		client = await pair.through();
		try {
			await client.ask([query("SET sallyport.approval = nowait")]);
			await work();
		} finally {
			client.close();
		}
		assert.deepEqual(
			await pair.postgres.query("SELECT count(*) FROM public.orders"),
			[["2"]],
			"what needs an approval was not done",
		);
		const received = Buffer.concat(client.everything).toString("latin1");
		assert.ok(!received.includes("canary@example.org"), "no masked value reached the client");
	}

	test("two Parses of a name that is taken leave the old statement, for both sides", () =>
		attack(async () => {
			await client.ask([parse("DELETE FROM public.orders", "a"), SYNC]);
			const refused = await client.ask([parse("SELECT 1", "a"), parse("SELECT 1", "a"), SYNC]);
			assert.equal(outline(refused), "E(42P05) ZI");
			assert.equal(outline(await client.ask([bind("a"), execute(), SYNC])), "E(42501) ZI");
		}));

	test("Parse and Close that the server skips change nothing, in whatever order they come", () =>
		attack(async () => {
			await client.ask([parse("DELETE FROM public.orders", "a"), SYNC]);
			const skipped = [parse("SELECT 1", "a"), close.statement("a"), parse("SELECT 1", "a")];
			await client.ask([...run("SELECT 1/0"), ...skipped, SYNC]);
			assert.equal(outline(await client.ask([bind("a"), execute(), SYNC])), "E(42501) ZI");
			await client.ask([...run("SELECT 1/0"), close.statement("a"), close.statement("a"), SYNC]);
			assert.equal(outline(await client.ask([bind("a"), execute(), SYNC])), "E(42501) ZI");
		}));

	test("an EXECUTE that was prepared is decided by what its statement holds when it is bound", () =>
		attack(async () => {
			await client.ask([query("PREPARE x AS SELECT 1")]);
			await client.ask([parse("EXECUTE x", "e"), SYNC]);
			await client.ask([query("DEALLOCATE x")]);
			await client.ask([parse("DELETE FROM public.orders", "x"), SYNC]);
			assert.equal(outline(await client.ask([bind("e"), execute(), SYNC])), "E(42501) ZI");
		}));

	test("an EXECUTE of an EXECUTE is decided by what the last of them holds, or not at all", () =>
		attack(async () => {
			await client.ask([parse("SELECT 1", "x"), SYNC]);
			await client.ask([parse("EXECUTE x", "e"), SYNC]);
			await client.ask([query("DEALLOCATE x")]);
			await client.ask([parse("DELETE FROM public.orders", "x"), SYNC]);
			assert.equal(outline(await client.ask([query("EXECUTE e")])), "E(42501) ZI");
			assert.equal(outline(await client.ask([query("EXPLAIN ANALYZE EXECUTE e")])), "E(42501) ZI");
		}));

	test("an EXECUTE that was bound does not run what took its statement's name since", () =>
		attack(async () => {
			await client.ask([parse("SELECT 1", "x"), SYNC]);
			await client.ask([parse("EXECUTE x", "e"), SYNC]);
			await client.ask([
				...[bind("e", "p"), close.statement("x"), parse("DELETE FROM public.orders", "x")],
				...[execute("p"), SYNC],
			]);
		}));

	test("a FETCH that was prepared or bound is masked by what its cursor holds when it runs", () =>
		attack(async () => {
			await client.ask([query("BEGIN; DECLARE c CURSOR FOR SELECT email FROM public.plain")]);
			await client.ask([parse("FETCH ALL FROM c", "f"), bind("f", "p"), SYNC]);
			await client.ask([query("CLOSE c")]);
			await client.ask([query("DECLARE c CURSOR FOR SELECT email FROM public.customers")]);
			await client.ask([execute("p"), SYNC]);
			await client.ask([query("ROLLBACK")]);
			await client.ask([query("BEGIN; DECLARE c CURSOR FOR SELECT email FROM public.customers")]);
			await client.ask([bind("f"), execute(), SYNC]);
			await client.ask([query("ROLLBACK")]);
		}));

	test("a command whose names the server looks up on Execute does not take those of another search path", () =>
		attack(async () => {
			await client.ask([query("SET search_path = scratch")]);
			await client.ask([
				...[parse("TRUNCATE orders", "t"), bind("t", "p")],
				...[parse("SET search_path = public", "s"), bind("s"), execute(), execute("p"), SYNC],
			]);
			await client.ask([query("SET search_path = scratch")]);
			await client.ask([query("BEGIN")]);
			await client.ask([parse("COPY customers TO STDOUT", "c"), bind("c", "p"), SYNC]);
			await client.ask([query("SET search_path = public")]);
			await client.ask([execute("p"), SYNC]);
			await client.ask([query("ROLLBACK")]);
		}));

	test("a wire portal that SQL fetches from is masked by what it holds, not by what its statement once was", () =>
		attack(async () => {
			await client.ask([query("SET search_path = scratch")]);
			await client.ask([parse("SELECT email FROM customers", "s"), SYNC]);
			await client.ask([query("BEGIN; SET LOCAL search_path = public")]);
			await client.ask([bind("s", "wp"), SYNC]);
			const fetched = await client.ask([query("FETCH ALL FROM wp")]);
			assert.deepEqual(rows(fetched), [["[redacted]"]]);
			await client.ask([query("ROLLBACK")]);
		}));

	test("a function that is called late does not look its names up on another path than was decided", () =>
		attack(async () => {
			const late = "SELECT CASE WHEN n > 1 THEN public.peek() END FROM generate_series(1, 3) n";
			await client.ask([query("SET search_path = scratch")]);
			await client.ask([query(`BEGIN; DECLARE c CURSOR FOR ${late}`)]);
			assert.deepEqual(rows(await client.ask([query("FETCH 1 FROM c")])), [[null]]);
			await client.ask([query("SET search_path = public")]);
			await client.ask([query("FETCH ALL FROM c")]);
			await client.ask([query("ROLLBACK; SET search_path = scratch")]);
			await client.ask([query("BEGIN"), parse(late), bind("", "p"), execute("p", 1), SYNC], 2);
			await client.ask([query("SET search_path = public")]);
			await client.ask([execute("p"), SYNC]);
			await client.ask([query("ROLLBACK")]);
			await client.ask([query("SET search_path = scratch")]);
			await client.ask([query(`PREPARE late AS ${late}`)]);
			await client.ask([query("SET search_path = public")]);
			await client.ask([query("EXECUTE late")]);
			await client.ask([query("SET search_path = scratch")]);
			await client.ask([query(`DECLARE h CURSOR WITH HOLD FOR ${late}; SET search_path = public`)]);
			await client.ask([query("FETCH ALL FROM h")]);
			await client.ask([
				query(`BEGIN; DECLARE h2 CURSOR WITH HOLD FOR ${late}; SET search_path = public; COMMIT`),
			]);
			await client.ask([query("FETCH ALL FROM h2")]);
		}));

	test("a function that is called behind a change of the path in its own statement is not what was analysed", () =>
		attack(async () => {
			for (const text of [
				"SELECT set_config('search_path', 'public', false), public.peek()",
				"SELECT public.peek() FROM (SELECT set_config('search_path', 'public', false) OFFSET 0) s",
				"WITH s AS MATERIALIZED (SELECT set_config('search_path', 'public', true)) SELECT public.peek() FROM s",
			]) {
				await client.ask([query("SET search_path = scratch")]);
				await client.ask([query(text)]);
				await client.ask([query("SET search_path = scratch")]);
				await client.ask([...run(text), SYNC]);
			}
		}));

	test("a column that got another's name a moment ago does not come out as that one was known to be", () =>
		attack(async () => {
			const text = "SELECT alias FROM public.customers";
			assert.deepEqual(rows(await client.ask([...run(text), SYNC])), [["nobody"]]);
			await pair.postgres.query(`
				ALTER TABLE public.customers RENAME alias TO nickname;
				ALTER TABLE public.customers RENAME email TO alias`);
			try {
				client.send(...run(text), SYNC);
				await client.quiet();
			} finally {
				await pair.postgres.query(`
					ALTER TABLE public.customers RENAME alias TO email;
					ALTER TABLE public.customers RENAME nickname TO alias`);
			}
		}));

	test("a name longer than the server compares is refused, so that none is another's alias", () =>
		attack(async () => {
			const long = "n".repeat(64);
			await client.ask([parse("DELETE FROM public.orders", "n".repeat(63)), SYNC]);
			assert.equal(outline(await client.ask([parse("SELECT 1", long), SYNC])), "E(42622) ZI");
			assert.equal(outline(await client.ask([bind(long), execute(), SYNC])), "E(42622) ZI");
			assert.equal(outline(await client.ask([execute(long), FLUSH, SYNC])), "E(34000) ZI");
			const viaSql = await client.ask([query(`EXECUTE ${long}`)]);
			assert.match(errorOf(viaSql).get("C") ?? "", /42501|26000/);
		}));
});
