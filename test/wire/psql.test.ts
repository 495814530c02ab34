import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createReadStream, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { findProgram } from "../support/clients/programs.ts";
import { psqlProgram } from "../support/clients/psql.ts";
import { type Ran, run, start } from "./run.ts";
import { openWorld, type Road, VERSIONS, type World } from "./world.ts";

const SCRIPTS = join(import.meta.dirname, "psql");

describe("psql and its relatives do the same through the gateway as directly", () => {
	let world: World;
	let program: string;
	let directory: string;
	before(async () => {
		program = await psqlProgram();
		directory = mkdtempSync(join(tmpdir(), "sallyport-psql-"));
		world = await openWorld();
	});
	after(async () => {
		rmSync(directory, { recursive: true, force: true });
		await world.stop();
	});

	const psql = (road: Road, args: readonly string[], input = "") =>
		run(program, ["-X", road.url, ...args], { input });

	/**
	 * One text of both streams, in the order in which psql wrote them. Without the place in the server's source that
	 * an error comes from: the gateway answers syntax errors and failed blocks itself, and has none.
	 */
	const transcript = async (road: Road, script: string) => {
		const args = ["-c", 'exec "$0" "$@" 2>&1', program, "-X", road.url, "-f", script];
		const { code, stdout } = await run("/bin/sh", args);
		const text = stdout.replaceAll(/PID \d+/g, "PID").replaceAll(/^LOCATION: .*\n/gm, "");
		return `${text}exit ${code}`.split("\n");
	};

	for (const version of VERSIONS) {
		for (const script of ["commands.sql", "session.sql"])
			it(`${script} on PostgreSQL ${version}`, async () => {
				const path = join(SCRIPTS, script);
				const expected = await transcript(world.direct(version), path);
				assert.ok(expected.length > 200, "the script does something");
				assert.deepEqual(await transcript(world.through(version), path), expected);
			});

		it(`copies 50 MB in and out with \\copy, on PostgreSQL ${version}`, async () => {
			const file = join(directory, "in.txt");
			writeFileSync(file, `${"7\t"}${"x".repeat(97)}\n`.repeat(500_000));
			const out = join(directory, "out.txt");
			const script = `\\copy scratch FROM '${file}'\n\\copy scratch TO '${out}'\nTRUNCATE scratch;\n`;
			const { code, stdout, stderr } = await psql(world.through(version), ["-f", "-"], script);
			assert.equal(code, 0, stderr);
			assert.equal(stdout, "COPY 500000\nCOPY 500000\nTRUNCATE TABLE\n");
			assert.equal(statSync(out).size, 50_000_000);
			assert.equal(await digest(out), await digest(file));
		});

		it(`Ctrl-C cancels the statement and not the session, on PostgreSQL ${version}`, async () => {
			const script = "SELECT 'started';\nSELECT pg_sleep(60);\nSELECT 'still here';\n";
			const outcome = async (road: Road): Promise<Ran> => {
				const running = start(program, ["-X", "-At", road.url], { input: script });
				await running.says("started");
				await asleep(world, version);
				running.interrupt();
				return running.ended;
			};
			const expected = await outcome(world.direct(version));
			assert.match(expected.stderr, /canceling statement due to user request/);
			assert.deepEqual(await outcome(world.through(version)), expected);
		});

		it(`\\watch goes on until Ctrl-C, on PostgreSQL ${version}`, async () => {
			const input = "SELECT 'tick' AS t, count(*) FROM orders \\watch 0.05\n";
			const running = start(program, ["-X", world.through(version).url], { input });
			await running.says("1000", 3);
			running.interrupt();
			const { code, stderr } = await running.ended;
			// psql asks for a cancel only when it is in the middle of a query.
			assert.ok(
				stderr === "" ? code === 0 : code === 3 && stderr === "Cancel request sent\n",
				`${code} ${stderr}`,
			);
		});

		it(`pgbench fills and runs, in each of its protocols, on PostgreSQL ${version}`, async () => {
			const pgbench = findProgram("pgbench");
			assert.ok(pgbench !== undefined, "pgbench comes with Debian's postgresql-15");
			const road = world.through(version);
			const filled = await run(pgbench, ["-i", "-q", road.url]);
			assert.equal(filled.code, 0, filled.stderr);
			for (const mode of ["simple", "extended", "prepared"])
				for (const script of ["select-only", "tpcb-like"]) {
					const args = ["-n", "-M", mode, "-b", script, "-t", "50", "-c", "2", road.url];
					const { code, stdout, stderr } = await run(pgbench, args);
					assert.equal(code, 0, `${mode} ${script}: ${stderr}`);
					assert.match(stdout, /number of transactions actually processed: 100\/100/);
					assert.match(stdout, /number of failed transactions: 0 /);
				}
			const [[sums]] = (await world.servers[version].query(
				"SELECT (SELECT sum(delta) FROM pgbench_history) = (SELECT sum(abalance) FROM pgbench_accounts) AND " +
					"(SELECT count(*) FROM pgbench_history) = 300",
			)) as [[string]];
			assert.equal(sums, "t");
			await world.servers[version].query(
				"DROP TABLE pgbench_accounts, pgbench_branches, pgbench_history, pgbench_tellers",
			);
		});
	}
});

async function digest(path: string): Promise<string> {
	const hash = createHash("sha256");
	for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
	return hash.digest("hex");
}

/** Resolves when a session runs pg_sleep. */
async function asleep(world: World, version: (typeof VERSIONS)[number]): Promise<void> {
	const sql = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
	const deadline = Date.now() + 10_000;
	while ((await world.servers[version].query(sql))[0]?.[0] !== "1")
		if (Date.now() > deadline) throw new Error("nothing sleeps");
}
