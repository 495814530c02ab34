import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type RunningGateway, startGateway } from "../support/gateway.ts";
import { type RunningPostgres, startPostgres } from "../support/postgres.ts";
import { errorOf, outline, rows, WireClient } from "../support/wire-client.ts";
import { query } from "../support/wire-messages.ts";
import { ALLOW_ALL } from "../support/wire-pair.ts";

const KINDS = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"] as const;

describe("an upstream of several servers", { timeout: 120_000 }, () => {
	let primary: RunningPostgres;
	let standby: RunningPostgres;
	let gateway: RunningGateway;
	before(async () => {
		primary = await startPostgres({ version: 15 });
		await primary.query("CREATE TABLE t (a int)");
		standby = await startPostgres({ version: 15, standbyOf: primary });
		const nowhere = { host: "127.0.0.1", port: 1 };
		const hosts = [primary, standby].map(({ host, port }) => ({ host, port }));
		const connection = (name: string, upstream: Record<string, unknown>) => ({
			...{ name, type: "postgres" },
			upstream: { database: "postgres", user: "postgres", connect_timeout: "5s", ...upstream },
		});
		gateway = await startGateway({
			upstream: primary,
			policy: ALLOW_ALL,
			config: {
				connections: [
					...KINDS.map((kind) => connection(kind, { hosts, target_session_attrs: kind })),
					connection("late", { hosts: [nowhere, ...hosts] }),
					connection("none", { hosts: [nowhere, nowhere] }),
					connection("wrong", { hosts, database: "no_such_database" }),
				],
			},
		});
	});
	after(async () => {
		await gateway.stop();
		await standby.stop();
		await primary.stop();
	});

	const connect = (database: string, parameters: Readonly<Record<string, string>> = {}) =>
		WireClient.connect({
			...{ host: gateway.host, port: gateway.pgPort, user: "any", password: gateway.tokens.agent },
			...{ database, parameters },
		});
	const first = async (client: WireClient, sql: string) => rows(await client.ask([query(sql)]))[0]?.[0];
	/** The log comes by a pipe of its own: a test that it doesn't come to ends at its time limit. */
	const logged = async (text: string) => {
		while (!gateway.log().includes(text)) await sleep(20);
	};
	const portOf = async (database: string) => {
		const client = await connect(database);
		const port = await first(client, "SELECT pg_catalog.current_setting('port')");
		client.close();
		return Number(port);
	};

	it("each session goes to the first that is what target_session_attrs asks for", async () => {
		for (const kind of ["any", "read-write", "primary", "late"] as const)
			assert.equal(await portOf(kind), primary.port, kind);
		for (const kind of ["read-only", "standby", "prefer-standby"] as const)
			assert.equal(await portOf(kind), standby.port, kind);
	});

	it("a client that asks for read-only transactions still reaches the primary", async () => {
		const client = await connect("read-write", { default_transaction_read_only: "on" });
		assert.equal(await first(client, "SHOW port"), String(primary.port));
		assert.equal(errorOf(await client.ask([query("INSERT INTO t VALUES (1)")])).get("C"), "25006");
		client.close();
	});

	it("where none can be reached, or one refuses for good, the client is told", async () => {
		await assert.rejects(connect("none"), /08006/);
		await assert.rejects(connect("wrong"), /08006/);
		await logged("no_such_database");
	});

	it("a cancel goes to the server that the session is on", async () => {
		const client = await connect("prefer-standby");
		client.send(query("SELECT pg_sleep(60)"));
		while (!standby.log().includes("pg_sleep(60)")) await sleep(20);
		await client.cancel();
		assert.equal(outline(await client.ready()), "T E(57014) ZI");
		assert.match(standby.log(), /canceling statement due to user request/);
		assert.doesNotMatch(primary.log(), /canceling statement/);
		client.close();
	});

	it("when the primary dies its sessions end with an error; new ones reach the standby once it is promoted", async () => {
		const open = await connect("read-write");
		const [begun, reading] = [await connect("read-write"), await connect("standby")];
		assert.equal(
			outline(await begun.ask([query("BEGIN"), query("INSERT INTO t VALUES (1)")], 2)),
			"C(BEGIN) ZT C(INSERT 0 1) ZT",
		);
		await primary.stop();
		for (const client of [open, begun]) {
			const said = await client.end();
			assert.match(errorOf(said).get("S") ?? "", /FATAL/);
			assert.match(errorOf(said).get("C") ?? "", /^(57P0[12]|08006)$/);
		}
		await assert.rejects(connect("read-write"), /08006/);
		await logged("upstream_unsuitable");
		assert.equal(await portOf("any"), standby.port);
		assert.equal(await portOf("prefer-standby"), standby.port);

		await standby.query("SELECT pg_promote()");
		const client = await connect("read-write");
		assert.equal(await first(client, "SHOW port"), String(standby.port));
		// What names mean there is looked up there.
		assert.equal(outline(await client.ask([query("CREATE TABLE later (b int)")])), "C(CREATE TABLE) ZI");
		assert.equal(outline(await client.ask([query("INSERT INTO later VALUES (1)")])), "C(INSERT 0 1) ZI");
		await standby.query("CREATE TABLE from_elsewhere (c int)");
		assert.equal(outline(await client.ask([query("SELECT c FROM from_elsewhere")])), "T C(SELECT 0) ZI");
		assert.equal(await first(reading, "SELECT count(*) FROM later"), "1"); // promoted under it
		client.close();
		reading.close();
	});
});
