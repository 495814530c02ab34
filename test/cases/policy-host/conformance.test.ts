/** OPA's own conformance cases for the builtins that the gateway offers, through the gateway's engine. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { compile, sortedDeep } from "./support.ts";

interface Case {
	readonly note: string;
	readonly modules: readonly string[];
	readonly entrypoint: string;
	readonly data?: unknown;
	readonly input?: unknown;
	/** The result set. */
	readonly want?: readonly unknown[];
	/** OPA reports an error, or would with --strict-builtin-errors. */
	readonly error?: true;
	/** The result comes from a set. */
	readonly unordered?: true;
}

const cases: readonly Case[] = JSON.parse(await readFile(join(import.meta.dirname, "cases.json"), "utf8"));

test("the cases are as many as the page beside them says", async () => {
	const page = await readFile(join(import.meta.dirname, "README.md"), "utf8");
	const errors = cases.filter(({ error }) => error).length;
	assert.match(page, new RegExp(`There are ${cases.length}, of which ${errors} want an error`));
});

/** How many cases go into one module: a module's compilation grows faster than its size. */
const BATCH = 250;

for (let start = 0; start < cases.length; start += BATCH) {
	const batch = cases.slice(start, start + BATCH);
	const name = `conformance cases ${start + 1} to ${start + batch.length} give OPA's answers`;
	test(name, async () => {
		const ask = await compile(
			batch.flatMap(({ modules }) => modules),
			batch.map(({ entrypoint }) => entrypoint),
		);
		for (const { note, entrypoint, input = {}, data, want, error, unordered } of batch) {
			const outcome = ask(entrypoint, input, data);
			if (error) assert.ok("error" in outcome, `${note}: an error is wanted, got ${JSON.stringify(outcome)}`);
			else if (unordered) assert.deepEqual(sortedDeep(outcome), sortedDeep({ results: want }), note);
			else assert.deepEqual(outcome, { results: want }, note);
		}
	});
}
