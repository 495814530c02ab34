import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { findProgram } from "../support/clients/programs.ts";
import { psqlProgram } from "../support/clients/psql.ts";
import { ALLOW_ALL } from "../support/wire-pair.ts";
import { run } from "./run.ts";
import { openWorld, type World } from "./world.ts";

const SCHEMA = join(import.meta.dirname, "tools", "everything.sql");

/** On 15 alone: the programs that Debian's psql comes with refuse a newer server. */
describe("pg_dump and pg_restore do the same through the gateway as directly", () => {
	let world: World;
	let directory: string;
	/** The sample database on both roads, and an empty one on each. */
	let direct: string;
	let through: string;
	let directCopy: string;
	let throughCopy: string;
	let copyOfThrough: string;
	before(async () => {
		await psqlProgram();
		directory = mkdtempSync(join(tmpdir(), "sallyport-dump-"));
		world = await openWorld({ policy: ALLOW_ALL });
		direct = world.direct(15).url;
		through = world.through(15).url;
		directCopy = direct.replace(/postgres$/, "copied");
		throughCopy = `${through}%2Fother`;
		copyOfThrough = direct.replace(/postgres$/, "other");
		await succeed("psql", ["-Xq", "-v", "ON_ERROR_STOP=1", "-f", SCHEMA, direct]);
		await world.servers[15].query("CREATE DATABASE copied");
	});
	after(async () => {
		rmSync(directory, { recursive: true, force: true });
		await world.stop();
	});

	const outcome = (name: string, args: readonly string[]) => {
		const program = findProgram(name);
		assert.ok(program !== undefined, `${name} comes with psql`);
		return run(program, args);
	};
	const succeed = async (name: string, args: readonly string[]) => {
		const ran = await outcome(name, args);
		assert.equal(ran.code, 0, `${name} ${args.join(" ")}: ${ran.stderr}`);
		return ran;
	};
	/** What it wrote and said. The key of psql's restricted mode is random in each dump. */
	const dump = async (url: string, ...args: string[]) => {
		const { stdout, stderr } = await succeed("pg_dump", [...args, url]);
		return `${stdout.replaceAll(/^\\(un)?restrict .*$/gm, "")}${stderr}`;
	};

	it("pg_dump without options", async () => {
		const expected = await dump(direct);
		assert.match(expected, /CREATE TABLE public\.customers[\s\S]+c100@example\.com/);
		assert.match(expected, /CREATE SUBSCRIPTION other_side/);
		assert.match(expected, /lowrite/);
		assert.equal(await dump(through), expected);
	});

	for (const args of [
		["--inserts", "--rows-per-insert=7"],
		["--schema-only", "--clean", "--if-exists", "--create"],
		["--data-only", "--column-inserts", "--enable-row-security", "--no-blobs", "--schema=shop"],
		["--serializable-deferrable", "--table=shop.pe*", "--section=pre-data"],
	])
		it(`pg_dump ${args.join(" ")}`, async () => {
			const expected = await dump(direct, ...args);
			assert.ok(expected.length > 1_000);
			assert.equal(await dump(through, ...args), expected);
		});

	it("a text dump taken through it, played back by psql", async () => {
		const file = join(directory, "plain");
		await succeed("pg_dump", ["--file", file, through]);
		const restored = await outcome("psql", ["-X", "-f", file, directCopy]);
		assert.match(restored.stdout, /CREATE TABLE/);
		assert.deepEqual(await outcome("psql", ["-X", "-f", file, throughCopy]), restored);
		assert.equal(await dump(copyOfThrough), await dump(direct));
	});

	for (const [format, workers] of [
		["custom", []],
		["directory", ["--jobs=2"]],
	] as const)
		it(`an archive taken through it in the ${format} format, put over what is there by pg_restore`, async () => {
			const file = join(directory, format);
			await succeed("pg_dump", [`--format=${format}`, ...workers, "--file", file, through]);
			const options = [...workers, "--clean", "--if-exists"];
			const restored = await outcome("pg_restore", [...options, "--dbname", directCopy, file]);
			const actual = await outcome("pg_restore", [...options, "--dbname", throughCopy, file]);
			assert.deepEqual(actual, restored);
			assert.equal(await dump(copyOfThrough), await dump(direct));
		});
});
