import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pythonWithAlembic } from "../support/clients/python.ts";
import { run } from "./run.ts";
import { openWorld, type Road, VERSIONS, type World } from "./world.ts";

const PROGRAM = join(import.meta.dirname, "alembic", "work.py");

describe("SQLAlchemy and Alembic do the same through the gateway as directly", () => {
	let world: World;
	let python: string;
	let directory: string;
	before(async () => {
		python = await pythonWithAlembic();
		directory = mkdtempSync(join(tmpdir(), "sallyport-alembic-"));
		world = await openWorld();
	});
	after(async () => {
		rmSync(directory, { recursive: true, force: true });
		await world.stop();
	});

	for (const version of VERSIONS)
		it(`upgrade, autogenerate, objects, downgrade on PostgreSQL ${version}`, async () => {
			const outcome = async (road: Road) => {
				const scratch = mkdtempSync(join(directory, "generated-"));
				const url = road.url.replace(/^postgresql:/, "postgresql+psycopg:");
				const { code, stdout, stderr } = await run(python, [PROGRAM, url, scratch]);
				assert.equal(code, 0, stderr);
				// Alembic reports what it generates on lines of its own.
				return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
			};
			const expected = await outcome(world.direct(version));
			assert.match(
				String(expected["generated"]),
				/op\.create_table\('loan'[\s\S]+op\.drop_column\('book', 'gone'/,
			);
			assert.match(JSON.stringify(expected["work"]), /IntegrityError.+23503.+fk_book_author_id_author/);
			assert.deepEqual(await outcome(world.through(version)), expected);
		});
});
