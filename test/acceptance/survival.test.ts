import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { type RunningGateway, runCli, startGateway } from "../support/gateway.ts";
import { type RunningPostgres, startPostgres } from "../support/postgres.ts";
import { eventually, openSession } from "./client.ts";

describe("a gateway's life and death", () => {
	let server: RunningPostgres;
	before(async () => {
		server = await startPostgres();
		await server.query("CREATE TABLE counted (id int)");
	});
	after(() => server.stop());

	/** With a gateway of its own, which is stopped whatever happens. */
	const withGateway = async (
		work: (gateway: RunningGateway) => Promise<void>,
		drain = "2s",
	): Promise<void> => {
		const gateway = await startGateway({ upstream: server, merge: { limits: { drain_timeout: drain } } });
		try {
			await work(gateway);
		} finally {
			await gateway.stop();
		}
	};

	const verified = async (gateway: RunningGateway): Promise<string> => {
		const { code, stdout, stderr } = await runCli(["audit", "verify", gateway.recordDir]);
		assert.equal(code, 0, `${stdout}${stderr}`);
		return stdout;
	};

	/** Whether the gateway takes new clients. */
	const takes = (gateway: RunningGateway) =>
		openSession(gateway).then(
			(session) => session.close().then(() => true),
			() => false,
		);

	it("SIGTERM takes no new sessions, lets the open ones end, and exits with 0", () =>
		withGateway(async (gateway) => {
			const session = await openSession(gateway);
			await session.value("BEGIN");
			process.kill(gateway.pid, "SIGTERM");
			await eventually("no new sessions", async () => ((await takes(gateway)) ? undefined : true));
			assert.equal(await session.value("SELECT 'still at work'"), "still at work");
			await session.value("COMMIT");
			await session.close();
			const began = Date.now();
			assert.equal(await gateway.stop(), 0);
			assert.ok(Date.now() - began < 10_000, "it waits for nobody once everybody is gone");
		}, "60s"));

	it("SIGTERM cuts what is still open when the time to drain is over", () =>
		withGateway(async (gateway) => {
			const session = await openSession(gateway);
			const stopped = gateway.stop();
			assert.equal((await session.ended)?.code, "57P01");
			assert.equal(await stopped, 0);
		}, "300ms"));

	it("SIGHUP takes up connections and leaves open sessions alone", () =>
		withGateway(async (gateway) => {
			const session = await openSession(gateway);
			const config = JSON.parse(readFileSync(gateway.configFile, "utf8")) as {
				connections: { name: string }[];
			};
			const [first] = config.connections;
			config.connections.push({ ...first, name: "second" });
			writeFileSync(gateway.configFile, JSON.stringify(config));
			process.kill(gateway.pid, "SIGHUP");
			await eventually("the second connection", async () => {
				const { stdout } = await gateway.cli(["connections", "ls", "--json"]);
				return stdout.includes('"second"') ? true : undefined;
			});
			assert.equal(await session.value("SELECT 1"), 1);
			await session.close();
		}));

	it("after kill -9 the record verifies with a note, and the next gateway goes on with it", async () => {
		const gateway = await startGateway({ upstream: server });
		const session = await openSession(gateway);
		await session.value("SELECT 'before the kill'");
		await gateway.kill();
		await session.ended;
		assert.match(await verified(gateway), /is not closed: its process runs still or was killed/);

		const next = await startGateway({ upstream: server, directory: gateway.directory });
		try {
			const again = await openSession(next);
			await again.value("SELECT 'after it'");
			await again.close();
			await verified(next);
			for (const said of ["before the kill", "after it"])
				assert.match(
					(await next.cli(["audit", "search", "--type", "command", "--json"])).stdout,
					new RegExp(said),
				);
		} finally {
			await next.stop();
			await gateway.stop();
		}
	});

	it("while the record can't be written nothing reaches the server, and it recovers by itself", () =>
		withGateway(async (gateway) => {
			const session = await openSession(gateway);
			assert.equal(await session.failure("INSERT INTO counted VALUES (1)"), null);
			const limit = (bytes: string) =>
				execFileSync("prlimit", ["--pid", String(gateway.pid), `--fsize=${bytes}:unlimited`]);
			limit("0");
			assert.equal((await session.failure("INSERT INTO counted VALUES (2)"))?.code, "58030");
			assert.equal((await session.failure("INSERT INTO counted VALUES (3)"))?.code, "58030");
			assert.equal((await fetch(`${gateway.controlUrl}/readyz`)).status, 503);
			assert.match(gateway.log(), /record_unwritable/);
			assert.deepEqual(await server.query("SELECT id FROM counted"), [["1"]]);
			limit("unlimited");
			await eventually("the record", async () =>
				(await session.failure("INSERT INTO counted VALUES (4)")) === null ? true : undefined,
			);
			assert.equal((await fetch(`${gateway.controlUrl}/readyz`)).status, 200);
			const ids = (await server.query("SELECT id FROM counted ORDER BY id")).flat();
			assert.deepEqual([...new Set(ids)], ["1", "4"]);
			await session.close();
			await verified(gateway);
		}));

	it("an upstream that is down is 08006, and the gateway lives on", () =>
		withGateway(async (gateway) => {
			const other = await startPostgres();
			const config = JSON.parse(readFileSync(gateway.configFile, "utf8")) as {
				connections: { name: string; upstream: object }[];
			};
			config.connections = config.connections.map((each) => ({
				...each,
				upstream: { ...each.upstream, port: other.port },
			}));
			writeFileSync(gateway.configFile, JSON.stringify(config));
			process.kill(gateway.pid, "SIGHUP");
			const port = await eventually("the other server", async () => {
				const session = await openSession(gateway);
				const found = await session.value("SELECT current_setting('port')");
				await session.close();
				return found === String(other.port) ? found : undefined;
			});
			assert.equal(port, String(other.port));
			const session = await openSession(gateway);
			await other.stop();
			const error = await session.ended;
			assert.ok(
				error === undefined || ["57P01", "08006", "57P02"].includes(error.code ?? ""),
				error?.code ?? "",
			);
			await assert.rejects(openSession(gateway), { code: "08006" });
			assert.equal((await fetch(`${gateway.controlUrl}/healthz`)).status, 200);
		}));
});
