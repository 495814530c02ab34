import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import postgres from "postgres";
import { pgxProgram } from "../support/clients/pgx.ts";
import { psqlProgram } from "../support/clients/psql.ts";
import { pythonWithPsycopg } from "../support/clients/python.ts";
import { run } from "./run.ts";
import { openWorld, VERSIONS, type Version, type World } from "./world.ts";

const POLICY = {
	files: {
		"rules.rego": `package sallyport.command

mask contains {"rule": "pii", "columns": ["public.customers.email"], "transform": "partial", "keep": 4}

mask contains {"rule": "pan", "columns": ["public.customers.card"], "transform": "redact"}

mask contains {"rule": "wealth", "columns": ["public.customers.balance"], "transform": "null"}

require_approval contains {"rule": "raises", "approvers": ["group:static/approvers"]} if {
	some write in input.command.writes
	write.relation == "public.scratch"
}

limit contains {"rule": "small", "max_rows": 500} if {
	some statement in input.command.statements
	some relation in statement.relations
	relation.name == "orders"
}
`,
	},
};

/** What every driver has to tell of a denial. */
interface Told {
	readonly code: string;
	readonly message: string;
	readonly detail: string;
	readonly hint: string;
}

/** A driver: each call connects, runs the texts in order on one connection, and answers the last one's outcome. */
interface Driver {
	readonly name: string;
	run(
		world: World,
		version: Version,
		texts: readonly string[],
	): Promise<{ rows: unknown[][]; error: Told | null }>;
}

const clientOf = ({ host, port, user, password, database }: ReturnType<World["through"]>) => ({
	...{ host, port, user, password, database, ssl: false },
});

const DRIVERS: readonly Driver[] = [
	{
		name: "node-postgres",
		run: async (world, version, texts) => {
			const client = new pg.Client(clientOf(world.through(version)));
			await client.connect();
			let last: { rows: unknown[][]; error: Told | null } = { rows: [], error: null };
			for (const text of texts)
				last = await client.query({ text, rowMode: "array" }).then(
					({ rows }) => ({ rows: rows as unknown[][], error: null }),
					({ code, message, detail, hint }) => ({ rows: [], error: { code, message, detail, hint } }),
				);
			await client.end();
			return last;
		},
	},
	{
		name: "postgres.js",
		run: async (world, version, texts) => {
			const sql = postgres({ ...clientOf(world.through(version)), max: 1, fetch_types: false });
			let last: { rows: unknown[][]; error: Told | null } = { rows: [], error: null };
			for (const text of texts)
				last = await sql
					.unsafe(text, [], { prepare: true })
					.values()
					.then(
						(rows) => ({ rows: [...rows] as unknown[][], error: null }),
						({ code, message, detail, hint }) => ({ rows: [], error: { code, message, detail, hint } }),
					);
			await sql.end();
			return last;
		},
	},
	{
		name: "psql",
		run: async (world, version, texts) => {
			const args = ["-X", "-At", "-F", "\t", "-v", "VERBOSITY=verbose", world.through(version).url];
			const { stdout, stderr } = await run(await psqlProgram(), args, { input: `${texts.join(";\n")};\n` });
			const field = (name: string) => new RegExp(`^${name}: +(.*)$`, "m").exec(stderr)?.[1] ?? "";
			const error = /ERROR: +(\w{5}): (.*)$/m.exec(stderr);
			const rows = stdout
				.trim()
				.split("\n")
				.map((line) => line.split("\t"));
			if (error === null) return { rows, error: null };
			const [, code = "", message = ""] = error;
			return { rows, error: { code, message, detail: field("DETAIL"), hint: field("HINT") } };
		},
	},
	{
		name: "psycopg",
		run: async (world, version, texts) => {
			const program = join(import.meta.dirname, "drivers", "psycopg", "texts.py");
			const input = JSON.stringify(texts);
			const ran = await run(await pythonWithPsycopg(), [program, world.through(version).url], { input });
			return JSON.parse(ran.stdout) as { rows: unknown[][]; error: Told | null };
		},
	},
	{
		name: "pgx",
		run: async (world, version, texts) => {
			const input = texts.map((sql) => `${JSON.stringify({ op: "query", sql })}\n`).join("");
			const { stdout } = await run(await pgxProgram(), [`${world.through(version).url}?sslmode=disable`], {
				input,
			});
			const answers = stdout.trim().split("\n");
			assert.equal(answers.length, texts.length + 1, "the connection lived through all of it");
			const { rows = [], error = null } = JSON.parse(answers.at(-1) ?? "") as {
				rows?: unknown[][];
				error?: Told;
			};
			return { rows, error };
		},
	},
];

/** Nothing of what is masked, in any encoding that a driver may have got it in. */
function assertHidden(rows: unknown): void {
	const text = JSON.stringify(rows);
	for (const secret of ["c1@example.com", "c2@example.com", "4111-", "1.50"])
		assert.ok(!text.includes(secret), text);
}

describe("what the gateway itself answers, in each driver", () => {
	let world: World;
	before(async () => {
		world = await openWorld({ policy: POLICY });
	});
	after(() => world.stop());

	/** Waits for one request to be pending and answers it. */
	const answer = async (verdict: "approve" | "deny"): Promise<void> => {
		const { controlUrl, tokens } = world.gateway;
		const headers = { authorization: `Bearer ${tokens.approver}`, "content-type": "application/json" };
		for (const deadline = Date.now() + 15_000; Date.now() < deadline; await sleep(50)) {
			const listed = await fetch(`${controlUrl}/api/v1/approvals`, { headers });
			const { approvals } = (await listed.json()) as { approvals: { id: string; state: string }[] };
			const pending = approvals.find(({ state }) => state === "pending");
			if (pending === undefined) continue;
			const url = `${controlUrl}/api/v1/approvals/${pending.id}/${verdict}`;
			const answered = await fetch(url, { method: "POST", headers, body: "{}" });
			assert.equal(answered.status, 200, await answered.text());
			return;
		}
		assert.fail("nothing was held");
	};

	for (const version of VERSIONS)
		for (const driver of DRIVERS)
			describe(`${driver.name} on PostgreSQL ${version}`, () => {
				it("a denial says what, why and what to do instead", async () => {
					const { error } = await driver.run(world, version, ["DELETE FROM customers"]);
					assert.equal(error?.code, "42501");
					assert.equal(error.message, "denied by policy: DELETE on public.customers would reach every row");
					assert.match(error.detail, /^rule unbounded-write, decision [0-9a-z]{26}$/);
					assert.equal(error.hint, "name the rows in a WHERE clause");
				});

				it("the connection lives on after a denial", async () => {
					const { rows, error } = await driver.run(world, version, [
						"DROP TABLE customers",
						"SELECT id FROM customers WHERE id = 7",
					]);
					assert.equal(error?.code ?? null, driver.name === "psql" ? "42501" : null);
					assert.deepEqual(rows.flat().map(String), ["7"]);
				});

				it("a denial in a transaction aborts it, as any error does", async () => {
					const { error } = await driver.run(world, version, ["BEGIN", "DROP TABLE customers", "SELECT 1"]);
					if (driver.name === "psql") assert.equal(error?.code, "42501");
					else assert.equal(error?.code, "25P02");
					const after = await driver.run(world, version, [
						"BEGIN",
						"DROP TABLE customers",
						"ROLLBACK",
						"SELECT 8",
					]);
					assert.deepEqual(after.rows.flat().map(String).slice(-1), ["8"]);
				});

				it("masked columns are masked, by name and derived", async () => {
					const sql =
						"SELECT email, card, balance, upper(email), c.* FROM customers c WHERE id < 3 ORDER BY id";
					const { rows, error } = await driver.run(world, version, [sql]);
					assert.equal(error, null);
					assertHidden(rows);
					const [first] = driver.name === "psql" ? rows.filter((row) => row.length > 1) : rows;
					assert.equal(first?.[0], "*********e.com");
					assert.equal(first[2] ?? "", "");
				});

				it("a result over its limit is an error and not a short result", async () => {
					const { error } = await driver.run(world, version, ["SELECT id FROM orders"]);
					assert.equal(error?.code, "54000");
					const fits = await driver.run(world, version, ["SELECT id FROM orders WHERE id <= 500"]);
					assert.deepEqual([fits.error, fits.rows.length], [null, 500]);
				});

				it("a held command waits for its approval and runs once", async () => {
					const note = `${driver.name} ${version}`;
					const running = driver.run(world, version, [
						`INSERT INTO scratch VALUES (1, '${note}') RETURNING note`,
					]);
					await answer("approve");
					const { rows, error } = await running;
					assert.deepEqual([error, rows[0]], [null, [note]]);
					const count = await world.servers[version].query("SELECT count(*) FROM scratch WHERE note = $1", [
						note,
					]);
					assert.deepEqual(count, [["1"]]);
				});
			});

	it("a held command that is refused is a denial", async () => {
		const [driver] = DRIVERS;
		const running = driver?.run(world, 15, ["INSERT INTO scratch VALUES (1, 'refused')"]);
		await answer("deny");
		const outcome = await running;
		assert.equal(outcome?.error?.code, "42501");
		assert.deepEqual(await world.servers[15].query("SELECT 1 FROM scratch WHERE note = 'refused'"), []);
	});

	it("the NOTICE of a held command leads to its request", async () => {
		const client = new pg.Client(clientOf(world.through(18)));
		const told: string[] = [];
		client.on("notice", ({ message }) => told.push(message ?? ""));
		await client.connect();
		const running = client.query("INSERT INTO scratch VALUES (1, 'noticed')");
		await answer("approve");
		await running;
		await client.end();
		assert.match(told.join("\n"), new RegExp(`${world.gateway.controlUrl}.*/approvals/`));
	});
});
