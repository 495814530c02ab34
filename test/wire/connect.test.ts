import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { makeAuthority } from "../support/certificates.ts";
import { pgxProgram } from "../support/clients/pgx.ts";
import { findProgram } from "../support/clients/programs.ts";
import { psqlProgram } from "../support/clients/psql.ts";
import { pythonWithPsycopg } from "../support/clients/python.ts";
import { type Ran, run } from "./run.ts";
import { openWorld, VERSIONS, type World } from "./world.ts";

const ASK = "SELECT current_database(), current_user";

/** How often one program gets in: what it prints when it is, and its error when it isn't. */
type Enter = (url: string) => Promise<Ran>;

const CLIENTS: Readonly<Record<string, Enter>> = {
	psql: async (url) => run(await psqlProgram(), ["-XAt", url, "-c", ASK]),
	psycopg: async (url) => {
		const program = `import sys, psycopg; print('|'.join(psycopg.connect(sys.argv[1]).execute("${ASK}").fetchone()))`;
		return run(await pythonWithPsycopg(), ["-c", program, url]);
	},
	pgx: async (url) => {
		const ran = await run(await pgxProgram(), [url], {
			input: `${JSON.stringify({ op: "query", sql: ASK })}\n`,
		});
		const [connected = "{}", asked = "{}"] = ran.stdout.trim().split("\n");
		const { error } = JSON.parse(connected) as { error?: { message: string } };
		if (error !== undefined) return { code: 2, stdout: "", stderr: error.message };
		const { rows } = JSON.parse(asked) as { rows: string[][] };
		return { ...ran, stdout: `${rows[0]?.join("|")}\n` };
	},
};

describe("connecting", () => {
	let plain: World;
	let encrypted: World;
	let directory: string;
	before(async () => {
		directory = mkdtempSync(join(tmpdir(), "sallyport-connect-"));
		const authority = makeAuthority();
		const { cert, key } = authority.issue();
		for (const [name, text] of Object.entries({ cert, key, ca: authority.ca, other: makeAuthority().ca }))
			writeFileSync(join(directory, `${name}.pem`), text, { mode: 0o600 });
		plain = await openWorld();
		const tls = { cert: join(directory, "cert.pem"), key: join(directory, "key.pem") };
		encrypted = await openWorld({ merge: { listeners: { postgres: { address: "127.0.0.1:0", tls } } } });
	});
	after(async () => {
		await plain.stop();
		await encrypted.stop();
		rmSync(directory, { recursive: true, force: true });
	});

	for (const [name, enter] of Object.entries(CLIENTS)) {
		describe(`by ${name}`, () => {
			for (const version of VERSIONS)
				it(`leads to the connection's own database and user, on PostgreSQL ${version}`, async () => {
					const { stdout, stderr } = await enter(`${plain.through(version).url}?sslmode=disable`);
					assert.equal(stdout, "postgres|postgres\n", stderr);
				});

			for (const mode of ["disable", "allow", "prefer"])
				it(`gets in with sslmode=${mode} where the listener has no TLS`, async () => {
					const { stdout, stderr } = await enter(`${plain.through(15).url}?sslmode=${mode}`);
					assert.equal(stdout, "postgres|postgres\n", stderr);
				});

			for (const mode of ["require", "verify-full"])
				it(`stays out with sslmode=${mode} where the listener has no TLS`, async () => {
					const { code, stderr } = await enter(
						`${plain.through(15).url}?sslmode=${mode}&sslrootcert=${join(directory, "ca.pem")}`,
					);
					assert.notEqual(code, 0);
					assert.match(stderr, /SSL|TLS/);
				});

			for (const mode of ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"])
				it(`gets in with sslmode=${mode} where the listener has TLS`, async () => {
					const { stdout, stderr } = await enter(
						`${encrypted.through(15).url}?sslmode=${mode}${mode.startsWith("verify") ? `&sslrootcert=${join(directory, "ca.pem")}` : ""}`,
					);
					assert.equal(stdout, "postgres|postgres\n", stderr);
				});

			it("stays out when the listener's certificate is another authority's", async () => {
				const { code, stderr } = await enter(
					`${encrypted.through(15).url}?sslmode=verify-full&sslrootcert=${join(directory, "other.pem")}`,
				);
				assert.notEqual(code, 0);
				assert.match(stderr, /certificate/);
			});

			it("with another database of the connection", async () => {
				const { stdout, stderr } = await enter(`${plain.through(18).url}%2Fother?sslmode=disable`);
				assert.equal(stdout, "other|postgres\n", stderr);
			});

			for (const [what, database, message] of [
				["a connection that there is not", "nowhere", /nowhere/],
				["a database that the connection does not offer", "pg18%2Ftemplate1", /template1/],
			] as const)
				it(`to ${what} is refused`, async () => {
					const url = plain.through(18).url.replace("/pg18", `/${database}`);
					const { code, stderr } = await enter(`${url}?sslmode=disable`);
					assert.notEqual(code, 0);
					assert.match(stderr, message);
				});

			it("with a wrong token is refused, and without a word about the token", async () => {
				const { code, stderr } = await enter(
					`${plain.through(15, "not-a-token-of-anybody").url}?sslmode=disable`,
				);
				assert.notEqual(code, 0);
				assert.doesNotMatch(stderr, /not-a-token-of-anybody/);
			});
		});
	}

	for (const [what, change, code] of [
		["a wrong token", { password: "not-a-token-of-anybody" }, "28P01"],
		["no such connection", { database: "nowhere" }, "3D000"],
		["no such database", { database: "pg15/template1" }, "3D000"],
		["a setting that is pinned", { options: "-c standard_conforming_strings=off" }, "55P02"],
		["replication", { replication: "database" }, "0A000"],
	] as const)
		it(`${what} has SQLSTATE ${code}`, async () => {
			const { host, port, user, password, database } = plain.through(15);
			const config = { host, port, user, password, database, ...change } as pg.ClientConfig;
			await assert.rejects(new pg.Client(config).connect(), { code, severity: "FATAL" });
		});

	for (const [program, args] of [
		["pg_basebackup", ["-D", "backup"]],
		["pg_receivewal", ["-D", ".", "--no-loop"]],
		["pg_recvlogical", ["--slot", "s", "--start", "-f", "-"]],
		["psql", ["-c", "IDENTIFY_SYSTEM"]],
	] as const)
		it(`${program} is told that there is no replication`, async () => {
			const { url } = plain.through(15);
			const path = program === "psql" ? await psqlProgram() : (findProgram(program) ?? program);
			const { code, stderr } = await run(path, ["-d", `${url}?replication=database`, ...args], {
				cwd: directory,
			});
			assert.notEqual(code, 0);
			assert.match(
				stderr,
				/replication connections are not supported through the gateway\n.*the server itself/,
			);
		});

	it("gssencmode=require and channel_binding=require fail at once, gssencmode=prefer goes on", async () => {
		const { url } = plain.through(15);
		for (const [parameter, message] of [
			["gssencmode=require", /GSSAPI/],
			["channel_binding=require", /channel binding required/],
		] as const) {
			const { code, stderr } = await run(await psqlProgram(), ["-XAt", `${url}?${parameter}`, "-c", ASK]);
			assert.notEqual(code, 0);
			assert.match(stderr, message);
		}
		const { stdout } = await run(await psqlProgram(), ["-XAt", `${url}?gssencmode=prefer`, "-c", ASK]);
		assert.equal(stdout, "postgres|postgres\n");
	});

	it("the settings of the connection string are in force", async () => {
		const url = `${plain.through(15).url}?options=-c%20search_path%3Dpg_catalog%20-c%20statement_timeout%3D7s&application_name=here`;
		const ask =
			"SELECT current_setting('search_path'), current_setting('statement_timeout'), current_setting('application_name')";
		const { stdout, stderr } = await run(await psqlProgram(), ["-XAt", url, "-c", ask]);
		assert.equal(stdout, "pg_catalog|7s|here\n", stderr);
	});

	it("a database that sessions have left can be dropped: the gateway lets go of it as well", async () => {
		const url = `${plain.through(15).url}%2Fother`;
		const { stdout, stderr } = await run(await psqlProgram(), ["-XAt", url, "-c", ASK]);
		assert.equal(stdout, "other|postgres\n", stderr);
		await plain.servers[15].query("DROP DATABASE other");
	});
});
