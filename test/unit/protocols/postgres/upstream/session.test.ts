import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { BackendKey } from "../../../../../src/protocols/postgres/codec/index.ts";
import {
	ControlConnection,
	ControlQueryError,
	cancelUpstream,
	connectServer,
	UpstreamError,
} from "../../../../../src/protocols/postgres/upstream/index.ts";
import { type RunningPostgres, startPostgres } from "../../../../support/postgres.ts";
import { fails, firstValue, upstreamOf } from "./fixtures.ts";

for (const version of [15, 18] as const) {
	describe(`a session on PostgreSQL ${version}`, () => {
		let server: RunningPostgres;
		before(async () => {
			server = await startPostgres({ version, auth: "scram-sha-256", tls: true });
		});
		after(() => server.stop());

		it("is opened with the parameters asked for and knows what the server reported", async () => {
			await server.query('CREATE DATABASE "other db"');
			const session = await connectServer(upstreamOf(server), {
				database: "other db",
				applicationName: "sallyport – tést",
				startupParameters: { options: "-c statement_timeout=4321", client_encoding: "UTF8" },
			});
			assert.equal(session.transactionStatus, "I");
			assert.equal(session.parameters.get("client_encoding"), "UTF8");
			assert.equal(session.parameters.get("standard_conforming_strings"), "on");
			assert.match(session.parameters.get("server_version") ?? "", new RegExp(`^${version}\\.`));
			assert.equal(session.tls, false);
			assert.equal(
				await firstValue(session, "SELECT current_database() || current_setting('statement_timeout')"),
				"other db4321ms",
			);
			session.socket.destroy();
		});

		it("says what the server refused", async () => {
			const error = await fails(upstreamOf(server, { database: "none" }), "upstream_refused");
			assert.equal(error.refusedWith, "3D000");
			assert.match(error.operator ?? "", /database "none" does not exist/);
		});

		for (const mode of ["disable", "require"] as const) {
			it(`can be cancelled with TLS mode ${mode}`, async () => {
				const upstream = upstreamOf(server, { tls: { mode } });
				const session = await connectServer(upstream);
				const pid = Number(await firstValue(session, "SELECT pg_backend_pid()"));
				assert.equal(session.backendKey?.processId, pid);
				const sleeping = firstValue(session, "SELECT pg_sleep(30)");
				await sleep(100);
				const started = Date.now();
				await cancelUpstream(session.server, session.backendKey as BackendKey);
				assert.equal(await sleeping, null);
				assert.ok(Date.now() - started < 5_000);
				assert.match(server.log(), /canceling statement due to user request/);
				session.socket.destroy();
			});
		}

		it("can be cancelled as it was encrypted in the end", async () => {
			const tlsOnly = await startPostgres({ version, tls: true, hostType: "hostssl" });
			const upstream = upstreamOf(tlsOnly, { tls: { mode: "allow" } });
			const session = await connectServer(upstream);
			assert.equal(session.tls, true);
			const sleeping = firstValue(session, "SELECT pg_sleep(30)");
			await sleep(100);
			await cancelUpstream(upstream, session.backendKey as BackendKey, { tls: session.tls });
			assert.equal(await sleeping, null);
			session.socket.destroy();
			await tlsOnly.stop();
		});

		it("reports a cancel that can't be delivered", async () => {
			const key = { processId: 1, secret: Buffer.alloc(4) };
			const nowhere = upstreamOf({ ...server, port: 1 });
			await assert.rejects(cancelUpstream(nowhere, key), { code: "upstream_unreachable" });
		});
	});
}

describe("the control connection", () => {
	let server: RunningPostgres;
	let control: ControlConnection;
	before(async () => {
		server = await startPostgres();
		control = await ControlConnection.open(upstreamOf(server), { applicationName: "control" });
	});
	after(async () => {
		control.close();
		await server.stop();
	});

	it("gives rows as texts, null for NULL, and keeps the order of what was asked at once", async () => {
		const answers = await Promise.all([
			control.query("SELECT 1, NULL, 'ä', true"),
			control.query("SELECT i FROM generate_series(1, 3) i"),
			control.query("SELECT WHERE false"),
			control.query(""),
		]);
		assert.deepEqual(answers, [[["1", null, "ä", "t"]], [["1"], ["2"], ["3"]], [], []]);
	});

	it("reports an error and goes on", async () => {
		await assert.rejects(control.query("SELECT nothing"), (error) => {
			assert.ok(error instanceof ControlQueryError);
			return error.sqlstate === "42703";
		});
		assert.deepEqual(await control.query("SELECT 2"), [["2"]]);
	});

	it("takes results of some megabytes", async () => {
		const [row] = await control.query("SELECT repeat('x', 20000000)");
		assert.equal(row?.[0]?.length, 20_000_000);
	});

	it("fails what is waiting when the server ends the connection, and everything after", async () => {
		const doomed = await ControlConnection.open(upstreamOf(server));
		const [pid] = (await doomed.query("SELECT pg_backend_pid()"))[0] ?? [];
		const waiting = assert.rejects(doomed.query("SELECT pg_sleep(30)"));
		await server.query(`SELECT pg_terminate_backend(${pid})`);
		await waiting;
		while (doomed.open) await sleep(5);
		await assert.rejects(doomed.query("SELECT 1"), UpstreamError);
	});

	it("ends on the server when it is closed", async () => {
		const closing = await ControlConnection.open(upstreamOf(server), { applicationName: "closing" });
		closing.close();
		assert.equal(closing.open, false);
		const alive = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'closing'";
		while ((await server.query(alive))[0]?.[0] !== "0") await sleep(10);
	});
});
