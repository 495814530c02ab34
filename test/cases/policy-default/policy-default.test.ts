/** The default policy's cases, each through the gateway's engine and through `opa eval`: the answers are equal. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Value } from "typebox/value";
import { parse } from "yaml";
import { checkData } from "../../../src/policy/build/check-data.ts";
import { buildBundle, libraryDirectory } from "../../../src/policy/build/index.ts";
import { Opa } from "../../../src/policy/build/opa.ts";
import { CommandDecision, CommandInput, openPolicy, readBundleAt } from "../../../src/policy/index.ts";
import { commandInput } from "../../unit/policy-build/support.ts";

interface Case {
	readonly case: string;
	readonly statement?: object;
	readonly writes?: readonly object[];
	readonly approvals?: readonly object[];
	readonly data?: object;
	readonly expect: Partial<CommandDecision> & {
		readonly rules?: readonly string[];
		readonly message?: string;
	};
}

const opa = await Opa.find();
const directory = await mkdtemp(join(tmpdir(), "sallyport-cases-"));
after(() => rm(directory, { recursive: true, force: true }));
const cases = parse(await readFile(join(import.meta.dirname, "statements.yaml"), "utf8")) as Case[];

/** Data is no part of the compiled module, so one build serves every case. */
const { archive } = await buildBundle({ dirs: [], sequence: 1, opa: opa.path });
await writeFile(join(directory, "default.tar.gz"), archive);
const bundle = await readBundleAt(join(directory, "default.tar.gz"));

async function opaDecides(input: string, data: string): Promise<unknown> {
	const inputFile = join(directory, "input.json");
	const dataFile = join(directory, "data.json");
	await writeFile(inputFile, input);
	await writeFile(dataFile, data);
	const files = ["-d", libraryDirectory(), "-d", dataFile, "-i", inputFile];
	return opa.json([
		"eval",
		"--strict-builtin-errors",
		"--format",
		"raw",
		...files,
		"data.sallyport.command.decision",
	]);
}

for (const { case: name, statement, writes, approvals, data, expect } of cases) {
	test(name, async () => {
		const input = { ...commandInput(statement, writes), approvals: approvals ?? [] };
		assert.deepEqual([...Value.Errors(CommandInput, input)], [], "the case's input");
		const allData = { sallyport: { packs: data ?? {} } };
		assert.deepEqual(checkData(allData, []), [], "the case's data");
		const dataText = JSON.stringify(allData);
		const policy = await openPolicy({ ...bundle, data: Buffer.from(dataText) });
		const { decision } = policy.decideCommand(JSON.stringify(input));
		assert.deepEqual(
			await opaDecides(JSON.stringify(input), dataText),
			decision,
			"opa eval answers otherwise",
		);
		assert.ok(Value.Check(CommandDecision, decision));

		const { rules, message, ...fields } = expect;
		for (const [field, value] of Object.entries(fields)) {
			assert.deepEqual(decision[field as keyof CommandDecision], value, field);
		}
		if (rules !== undefined) assert.deepEqual(decision.reasons.map(({ rule }) => rule).sort(), rules);
		if (message !== undefined) {
			assert.ok(
				decision.reasons.some((reason) => reason.message.includes(message)),
				JSON.stringify(decision),
			);
		}
	});
}
