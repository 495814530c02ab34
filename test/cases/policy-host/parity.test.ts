/** The same expressions through `opa eval --strict-builtin-errors` and through the gateway's engine. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { compile, type Outcome, opaEval, sortedDeep } from "./support.ts";

const here = import.meta.dirname;
const groups = readGroups(await readFile(join(here, "expressions.txt"), "utf8"));
const differences = parse(await readFile(join(here, "differences.yaml"), "utf8")) as {
	expression: string;
	opa: unknown;
	gateway: unknown;
}[];

/** Values that the type checker knows nothing of, for wrong types and bad texts. */
const input = {
	word: "not one",
	number: 5,
	negative: -1,
	zero: 0,
	half: 1.5,
	empty: "",
	numbers: [1, 2],
	mixed: [1, "a"],
	object: { a: 1 },
	set: ["a"],
	badpattern: "(",
};

/** A heading `[name]` begins a group; each line after it is an expression. */
function readGroups(text: string): Map<string, string[]> {
	const found = new Map<string, string[]>();
	let group: string[] = [];
	for (const line of text.split("\n")) {
		const heading = /^\[([a-z]+)\]$/.exec(line)?.[1];
		if (heading !== undefined) {
			group = [];
			found.set(heading, group);
		} else if (line !== "" && !line.startsWith("#")) group.push(line);
	}
	return found;
}

function moduleOf(expressions: readonly string[]): string {
	return `package parity\n\n${expressions.map((expression, i) => `r${i} := ${expression}`).join("\n\n")}\n`;
}

async function both(expressions: readonly string[]): Promise<{ opa: Outcome; gateway: Outcome }[]> {
	const module = moduleOf(expressions);
	const ask = await compile(
		[module],
		expressions.map((_, i) => `parity/r${i}`),
	);
	const opa = await opaEval(
		[module],
		input,
		expressions.map((_, i) => `data.parity.r${i}`),
	);
	return opa.map((outcome, i) => ({ opa: outcome, gateway: ask(`parity/r${i}`, input) }));
}

for (const [group, expressions] of groups) {
	test(`${group}: the gateway answers as opa eval does`, async () => {
		for (const [i, { opa, gateway }] of (await both(expressions)).entries()) {
			const told = `${expressions[i]}: opa ${JSON.stringify(opa)}, the gateway ${JSON.stringify(gateway)}`;
			if ("error" in opa) assert.ok("error" in gateway, told);
			else assert.deepEqual(sortedDeep(gateway), sortedDeep(opa), told);
		}
	});
}

test("the known differences are exactly these", async () => {
	const brief = (outcome: Outcome): unknown =>
		"error" in outcome ? "error" : outcome.results.length === 0 ? "undefined" : outcome.results[0];
	for (const [i, { opa, gateway }] of (
		await both(differences.map(({ expression }) => expression))
	).entries()) {
		const { expression, ...expected } = differences[i] ?? { expression: "" };
		assert.deepEqual({ opa: brief(opa), gateway: brief(gateway) }, expected, expression);
	}
});
