/** The default policy on SQL as a real server's catalog gives it meaning: analysis and policy speak the same words. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Value } from "typebox/value";
import { parse } from "yaml";
import { buildBundle } from "../../../src/policy/build/index.ts";
import { type CommandDecision, CommandInput, openPolicy, readBundleAt } from "../../../src/policy/index.ts";
import { commandInput } from "../../unit/policy-build/support.ts";
import { openWorld } from "../../unit/protocols/postgres/analysis/world.ts";

interface Case {
	readonly case: string;
	/** Of these, each denial has at least one, and nothing else denies but consequences of the same. */
	readonly rules?: readonly string[];
	readonly allow?: readonly string[];
	readonly deny?: readonly string[];
	readonly hold?: readonly string[];
}

const PACKS = {
	pii: {
		columns: [
			{
				columns: ["public.customers.email", "public.events.email", "public.people.email"],
				transform: "partial",
				keep: 4,
				permit: ["equality"],
			},
		],
	},
	approvals: {
		require: [
			{
				rule: "orders",
				relations: ["public.orders", "public.events"],
				ops: ["update"],
				approvers: ["group:corp/dba"],
			},
		],
	},
};

const directory = await mkdtemp(join(tmpdir(), "sallyport-cases-"));
const world = await openWorld(15);
after(async () => {
	await world.stop();
	await rm(directory, { recursive: true, force: true });
});
await writeFile(join(directory, "data.json"), JSON.stringify({ sallyport: { packs: PACKS } }));
const { archive } = await buildBundle({ dirs: [directory], sequence: 1 });
await writeFile(join(directory, "b.tar.gz"), archive);
const policy = await openPolicy(await readBundleAt(join(directory, "b.tar.gz")));

async function decide(sql: string): Promise<CommandDecision> {
	const statements = await world.analyse(sql);
	for (const { unresolved } of statements) assert.equal(unresolved, null, `${sql}: ${unresolved?.message}`);
	const base = commandInput() as { command: object };
	const command = {
		...base.command,
		text: sql,
		statements: statements.map((statement) => statement.policy),
		writes: statements.flatMap(({ writes }) => writes),
	};
	const input = { ...base, command };
	assert.deepEqual([...Value.Errors(CommandInput, input)], [], "the input");
	return policy.decideCommand(JSON.stringify(input)).decision;
}

const cases = parse(await readFile(join(import.meta.dirname, "sql.yaml"), "utf8")) as Case[];
for (const { case: name, rules = [], allow = [], deny = [], hold = [] } of cases) {
	for (const [action, texts] of Object.entries({ allow, deny, require_approval: hold })) {
		for (const sql of texts) {
			test(`${name}: ${sql.trim().split("\n")[0]}`, async () => {
				const { action: decided, reasons } = await decide(sql);
				assert.equal(decided, action, JSON.stringify(reasons));
				if (action === "deny") {
					assert.ok(
						reasons.some(({ rule }) => rules.includes(rule)),
						JSON.stringify(reasons),
					);
				}
			});
		}
	}
}
