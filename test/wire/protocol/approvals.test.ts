import assert from "node:assert/strict";
import { after, before, beforeEach, describe as suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { errorOf, notices, outline, type WireClient } from "../../support/wire-client.ts";
import { bind, execute, FLUSH, parse, query, run, SYNC } from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";

interface Approval {
	readonly id: string;
	readonly state: string;
	readonly display: { readonly text: string };
}

suite("a command that is held for approval", () => {
	let pair: Pair;
	let client: WireClient;

	before(async () => {
		pair = await startPair({
			schema: "CREATE TABLE t (a int); CREATE TABLE free (a int)",
			policy: policyOf(`
				allow contains {"rule": "all"}
				require_approval contains {"rule": "t", "approvers": ["group:static/approvers"], "expires": expires} if {
					input.command.writes[_].relation == "public.t"
				}
				expires := "1s" if {
					contains(input.command.text, "/* soon */")
				} else := "5m"
			`),
			merge: { approvals: { max_hold_in_transaction: "700ms" }, limits: { held_bytes: 4 << 20 } },
		});
	});
	after(() => pair.stop());
	beforeEach(async () => {
		await pair.postgres.query("TRUNCATE t, free");
		client?.close();
		client = await pair.through();
	});

	const table = async () => (await pair.postgres.query("SELECT a FROM t ORDER BY a")).flat().join();

	async function control(path: string, token: string, body?: unknown): Promise<Response> {
		const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
		return fetch(new URL(path, pair.gateway.controlUrl), {
			...init,
			headers: {
				authorization: `Bearer ${token}`,
				...(body === undefined ? {} : { "content-type": "application/json" }),
			},
		});
	}
	async function pending(): Promise<Approval[]> {
		const { approvals } = (await (await control("/api/v1/approvals", pair.gateway.tokens.admin)).json()) as {
			approvals: Approval[];
		};
		return approvals.filter(({ state }) => state === "pending");
	}
	/** Waits until one request is open, and answers it. */
	async function answer(
		verdict: "approve" | "deny",
		token = pair.gateway.tokens.approver,
	): Promise<Response> {
		for (let tries = 0; tries < 200; tries++) {
			const [one] = await pending();
			if (one !== undefined)
				return control(`/api/v1/approvals/${one.id}/${verdict}`, token, { reason: "seen" });
			await sleep(20);
		}
		return assert.fail("no request is open");
	}
	async function nothingPending(): Promise<void> {
		for (let tries = 0; tries < 100 && (await pending()).length > 0; tries++) await sleep(20);
		assert.deepEqual(await pending(), []);
	}

	test("tells so in a NOTICE with the URL, and runs once when it is approved, in either protocol", async () => {
		client.send(query("INSERT INTO t VALUES (1)"));
		const [notice] = await client.until("N");
		assert.match(notices([notice ?? assert.fail()])[0] ?? "", /^waiting for approval by 1 of .*: http/);
		assert.equal(await table(), "");
		assert.equal((await answer("approve")).status, 200);
		assert.equal(outline(await client.ready()), "C(INSERT 0 1) ZI");
		client.send(...run("INSERT INTO t VALUES (2)"), SYNC);
		await answer("approve");
		assert.equal(outline(await client.ready()), "1 N(00000) 2 C(INSERT 0 1) ZI");
		assert.equal(await table(), "1,2");
		await nothingPending();
	});

	test("is refused to one who approves their own, and to one who may not", async () => {
		client.send(query("INSERT INTO t VALUES (1)"));
		assert.ok((await answer("approve", pair.gateway.tokens.agent)).status >= 400);
		assert.ok((await answer("approve", pair.gateway.tokens.otherAgent)).status >= 400);
		assert.equal(await table(), "");
		await answer("deny");
		const denied = await client.ready();
		assert.equal(outline(denied), "N(00000) E(42501) ZI");
		assert.match(errorOf(denied).get("M") ?? "", /denied by .*ana.*seen/);
		assert.equal(await table(), "");
	});

	test("is withdrawn by the client's cancel, and the session lives on", async () => {
		client.send(query("INSERT INTO t VALUES (1)"));
		await client.until("N");
		await client.cancel();
		assert.equal(outline(await client.ready()), "E(57014) ZI");
		await nothingPending();
		client.send(...run("INSERT INTO t VALUES (1)"), SYNC);
		await client.until("N");
		await client.cancel();
		assert.equal(outline(await client.ready()), "E(57014) ZI");
		assert.equal(outline(await client.ask([query("SELECT 1")])), "T D C(SELECT 1) ZI");
		await nothingPending();
		assert.equal(await table(), "");
	});

	test("is withdrawn when the client goes away, however much it has sent", async () => {
		for (const more of [
			[],
			[query(`SELECT '${"x".repeat(900_000)}'`), query(`SELECT '${"x".repeat(900_000)}'`)],
		]) {
			client = await pair.through();
			client.send(query("INSERT INTO t VALUES (1)"), ...more);
			await client.until("N");
			client.close();
			await nothingPending();
		}
		assert.equal(await table(), "");
	});

	test("is withdrawn when the client sends more behind it than may wait, and what it sent runs", async () => {
		const much = (count: number) =>
			Array.from({ length: count }, () => query(`SELECT length('${"x".repeat(1 << 19)}')`));
		client.send(query("INSERT INTO t VALUES (1)"), ...much(6));
		await client.until("N");
		assert.equal((await pending()).length, 1, "3 MB may wait");
		client.send(...much(6));
		const answers = outline(await client.ready(13));
		assert.equal(answers, `E(57014) ZI${" T D C(SELECT 1) ZI".repeat(12)}`);
		await nothingPending();
		assert.equal(await table(), "");
	});

	test("lapses when nobody answers in time", async () => {
		const lapsed = await client.ask([query("INSERT INTO t VALUES (1) /* soon */")]);
		assert.equal(outline(lapsed), "N(00000) E(42501) ZI");
		assert.match(errorOf(lapsed).get("M") ?? "", /time/);
		assert.equal(await table(), "");
	});

	test("is not waited for by a client that asked so; the same command spends the grant, once", async () => {
		await client.ask([query("SET sallyport.approval = nowait")]);
		const refused = await client.ask([query("INSERT INTO t VALUES (1)")]);
		assert.equal(outline(refused), "E(42501) ZI");
		assert.match(errorOf(refused).get("M") ?? "", /approval_required.*http/);
		await answer("approve");
		assert.equal(outline(await client.ask([query("INSERT INTO t  VALUES (1)")])), "E(42501) ZI");
		assert.equal(outline(await client.ask([query("INSERT INTO t VALUES (2)")])), "E(42501) ZI");
		assert.equal(outline(await client.ask([query("INSERT INTO t VALUES (1)")])), "C(INSERT 0 1) ZI");
		assert.equal(outline(await client.ask([query("INSERT INTO t VALUES (1)")])), "E(42501) ZI");
		assert.equal(await table(), "1");
		client.close();
		for (const one of await pending())
			await control(`/api/v1/approvals/${one.id}/deny`, pair.gateway.tokens.approver, {});
	});

	test("is bound to its parameters", async () => {
		await client.ask(
			[query("SET sallyport.approval = nowait"), parse("INSERT INTO t VALUES ($1)", "i"), SYNC],
			2,
		);
		assert.equal(outline(await client.ask([bind("i", "", ["1"]), execute(), SYNC])), "E(42501) ZI");
		await answer("approve");
		assert.equal(outline(await client.ask([bind("i", "", ["2"]), execute(), SYNC])), "E(42501) ZI");
		assert.equal(outline(await client.ask([bind("i", "", ["1"]), execute(), SYNC])), "2 C(INSERT 0 1) ZI");
		assert.equal(outline(await client.ask([bind("i", "", ["1"]), execute(), SYNC])), "E(42501) ZI");
		assert.equal(await table(), "1");
		for (const one of await pending())
			await control(`/api/v1/approvals/${one.id}/deny`, pair.gateway.tokens.approver, {});
	});

	test("is void when what it names has changed while it was held", async () => {
		client.send(query("INSERT INTO t VALUES (1)"));
		await client.until("N");
		await pair.postgres.query(
			"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
		);
		await pair.postgres.query("CREATE TRIGGER f BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()");
		await sleep(1_200);
		await answer("approve");
		const answered = await client.ready();
		assert.equal(outline(answered), "E(42501) ZI");
		assert.match(errorOf(answered).get("M") ?? "", /no longer what would run/);
		await pair.postgres.query("DROP FUNCTION f() CASCADE");
		assert.equal(await table(), "");
		await sleep(1_200);
	});

	test("in a transaction with work is held for a short time only, and may be tried again in a new one", async () => {
		await client.ask([query("BEGIN; INSERT INTO free VALUES (1)")]);
		const refused = await client.ask([query("INSERT INTO t VALUES (1)")]);
		assert.equal(outline(refused), "N(00000) E(42501) ZE");
		assert.match(errorOf(refused).get("M") ?? "", /approval_required/);
		await client.ask([query("ROLLBACK")]);
		await answer("approve");
		await client.ask([query("BEGIN")]);
		assert.equal(outline(await client.ask([query("INSERT INTO t VALUES (1)")])), "C(INSERT 0 1) ZT");
		await client.ask([query("COMMIT")]);
		assert.equal(await table(), "1");
	});

	test("holds no lock of its Parse, and what is pipelined behind it waits", async () => {
		client.send(...run("INSERT INTO t VALUES (1)"), ...run("SELECT 7"), FLUSH, SYNC, query("SELECT 8"));
		await client.until("N");
		await pair.postgres.query("SET lock_timeout = '500ms'; LOCK TABLE t IN ACCESS EXCLUSIVE MODE");
		assert.deepEqual(
			await pair.postgres.query(
				"SELECT query FROM pg_stat_activity WHERE query LIKE 'SELECT 7' OR query LIKE 'SELECT 8'",
			),
			[],
		);
		await answer("approve");
		const answered = outline(await client.ready(2));
		assert.equal(answered, "2 C(INSERT 0 1) 1 2 D C(SELECT 1) ZI T D C(SELECT 1) ZI");
		assert.equal(await table(), "1");
	});
});
