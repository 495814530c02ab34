import assert from "node:assert/strict";
import { once } from "node:events";
import { chownSync, existsSync, lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { makeAuthority } from "../support/certificates.ts";
import { psqlProgram } from "../support/clients/psql.ts";
import { type RunningGateway, startGateway } from "../support/gateway.ts";
import { type RunningPostgres, startPostgres } from "../support/postgres.ts";
import { policyOf } from "../support/wire-pair.ts";
import { type Running, run, start } from "./run.ts";

const POLICY = policyOf(`
	allow contains {"rule": "here"} if input.session.client_address == "[local]"
	deny contains {"rule": "far", "message": sprintf("from %s", [input.session.client_address])} if {
		input.session.client_address != "[local]"
	}
`);

describe("over a Unix socket, as over PostgreSQL's own", () => {
	let directory: string;
	let postgres: RunningPostgres;
	let gateway: RunningGateway;
	let psql: string;
	let socket: string;

	before(async () => {
		directory = mkdtempSync(join(tmpdir(), "sallyport-socket-"));
		psql = await psqlProgram();
		const { cert, key } = makeAuthority().issue();
		for (const [name, text] of Object.entries({ cert, key })) writeFileSync(join(directory, name), text);
		postgres = await startPostgres();
		const tls = { cert: join(directory, "cert"), key: join(directory, "key") };
		const listener = { address: "127.0.0.1:0", path: directory, permissions: "0770", tls };
		gateway = await startGateway({
			upstream: { ...postgres, host: postgres.socketDir },
			policy: POLICY,
			merge: { listeners: { postgres: listener } },
		});
		socket = join(directory, `.s.PGSQL.${gateway.pgPort}`);
	});
	after(async () => {
		await gateway.stop();
		await postgres.stop();
		rmSync(directory, { recursive: true, force: true });
	});

	const asking = (args: readonly string[], token = gateway.tokens.agent): Running =>
		start(psql, ["-XAt", "-h", directory, "-p", String(gateway.pgPort), "-U", "any", ...args, "orders"], {
			env: { PGPASSWORD: token },
		});

	it("psql and node-postgres get in with a token as their password", async () => {
		const { stdout, stderr } = await asking(["-c", "SELECT current_user, inet_server_addr() IS NULL"]).ended;
		assert.equal(stdout, "postgres|t\n", stderr);
		const client = new pg.Client({
			...{ host: directory, port: gateway.pgPort, user: "any", password: gateway.tokens.agent },
			database: "orders",
		});
		await client.connect();
		assert.deepEqual((await client.query("SELECT 1 AS a")).rows, [{ a: 1 }]);
		await client.end();
		const refused = await asking(["-c", "SELECT 1"], "nobody's").ended;
		assert.equal(refused.code, 2);
	});

	it("a policy tells who comes by it from who comes by TCP", async () => {
		const url = `postgresql://any:${gateway.tokens.agent}@127.0.0.1:${gateway.pgPort}/orders`;
		const { stderr } = await run(psql, ["-XAt", url, "-c", "SELECT 1"]);
		assert.match(stderr, /denied by policy: from 127\.0\.0\.1/);
	});

	it("there is no TLS on it: it is refused, and libpq's sslmode is passed over there", async () => {
		const raw = connect(socket);
		await once(raw, "connect");
		raw.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]));
		const [answer] = (await once(raw, "data")) as [Buffer];
		assert.equal(answer.toString("latin1"), "N");
		raw.destroy();
		const { stdout } = await run(
			psql,
			[
				"-XAt",
				`host=${directory} port=${gateway.pgPort} user=any dbname=orders sslmode=require`,
				"-c",
				"SELECT 1",
			],
			{ env: { PGPASSWORD: gateway.tokens.agent } },
		);
		assert.equal(stdout, "1\n");
	});

	it("Ctrl-C cancels, over both Unix sockets", async () => {
		const before = postgres.log().length;
		const waiting = asking(["-c", "SELECT pg_sleep(60)"]);
		while (!postgres.log().slice(before).includes("pg_sleep"))
			await new Promise((done) => setTimeout(done, 20));
		waiting.interrupt();
		const { stderr } = await waiting.ended;
		assert.match(stderr, /canceling statement due to user request/);
	});

	it("PostgreSQL doesn't take the gateway's away", async () => {
		const { uid } = lstatSync(postgres.socketDir);
		chownSync(directory, uid, -1);
		const settings = {
			port: String(gateway.pgPort),
			unix_socket_directories: directory,
			listen_addresses: "",
		};
		await assert.rejects(startPostgres({ settings }), /lock file|could not/);
		const { stdout, stderr } = await asking(["-c", "SELECT 1"]).ended;
		assert.equal(stdout, "1\n", stderr);
	});

	it("has the permissions that were configured and a lock file as PostgreSQL's, and both go with the gateway", async () => {
		assert.equal(lstatSync(socket).mode & 0o777, 0o770);
		const [pid, , , port, place] = readFileSync(`${socket}.lock`, "utf8").split("\n");
		assert.deepEqual([Number(pid), Number(port), place], [gateway.pid, gateway.pgPort, directory]);
		assert.equal(await gateway.stop(), 0);
		assert.ok(!existsSync(socket));
		assert.ok(!existsSync(`${socket}.lock`));
	});
});
