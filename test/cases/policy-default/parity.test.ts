/** The gateway's engine and OPA decide alike: hundreds of made-up commands, with every pack turned on. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { COLUMN_USES, EFFECTS } from "../../../src/commands/index.ts";
import { buildBundle, libraryDirectory } from "../../../src/policy/build/index.ts";
import { Opa } from "../../../src/policy/build/opa.ts";
import { openPolicy, readBundleAt } from "../../../src/policy/index.ts";
import { commandInput } from "../../unit/policy-build/support.ts";

const SEED = 20_261_126;
const COMMANDS = 400;

const approvals = { approvers: ["group:corp/dba"], min: 2, expires: "1h", scope: "session" };
const requirement = { rule: "held", approvers: ["group:corp/dba"], min: 1, expires: "15m", scope: "command" };
const PACKS = {
	safe_defaults: {
		permit: { schema: ["group:corp/dba"], temporary: ["anyone"], unbounded_write: ["kind:human"] },
	},
	pii: {
		columns: [
			{ columns: ["public.a.x", `public."b.c".*`], transform: "partial", keep: 4 },
			{ columns: ["*.*.y"] },
		],
		clear_for: ["user:corp/dana"],
	},
	approvals: { require: [{ ...requirement, relations: ["public.a"], ops: ["update", "merge"] }] },
	limits: { max_rows: 10, timeout: "1.5h" },
	suspended: { principals: ["user:ci/mallory"] },
	read_only_agents: { enabled: true, except: ["group:*/writers"] },
	change_window: {
		enabled: true,
		labels: { env: "prod" },
		weekdays: ["Monday", "Tuesday"],
		from_hour: 22,
		to_hour: 4,
	},
	break_glass: {
		enabled: true,
		principals: ["group:corp/dba"],
		effects: ["schema", "execute"],
		...approvals,
	},
};

const names = fc.constantFrom("a", "b.c", 'q"q', "pg_stats", "pg_authid", "ü", "");
const some = <T>(values: readonly T[]) => fc.subarray([...values]);
const column = fc.record({
	schema: fc.constantFrom("public", "pg_catalog", "pg_toast"),
	table: names,
	name: fc.constantFrom("x", "y", "z", "rolpassword"),
	use: some(COLUMN_USES),
	equality_only: fc.boolean(),
	null_only: fc.boolean(),
	stored: fc.boolean(),
	flows: fc.subarray(["direct", "derived", "aggregate", "count_only"] as const),
});
const relation = fc.record({
	schema: fc.constantFrom("public", "pg_catalog", "pg_toast"),
	name: names,
	kind: fc.constant("table"),
	temporary: fc.boolean(),
	access: fc.constant(["select"]),
	via: fc.constant([]),
});
const called = fc.record({
	schema: fc.constant("pg_catalog"),
	name: fc.constantFrom("lower", "lo_get", "pg_stat_get_activity", "pg_size_pretty"),
	volatility: fc.constant("stable"),
	language: fc.constant("internal"),
	security_definer: fc.boolean(),
	via: fc.constant([]),
});
const statement = fc.record({
	kind: fc.constantFrom("select", "update", "set", "reset", "discard", "create_table"),
	effects: some(EFFECTS),
	relations: fc.array(relation, { maxLength: 3 }),
	columns: fc.array(column, { maxLength: 4 }),
	functions: fc.array(called, { maxLength: 2 }),
	opaque: fc.boolean(),
	opaque_reasons: some(["it is unknown", "it is not known\u2028either"]),
	details: fc.constantFrom(
		{},
		{ temporary: true },
		{ name: "role", value: null },
		{ name: "role", value: "x" },
	),
});
const write = fc.record({
	relation: fc.constantFrom("public.a", "public.z"),
	op: fc.constantFrom("insert", "update", "delete", "truncate", "copy", "merge"),
	has_where: fc.boolean(),
	where_is_constant: fc.boolean(),
});
const principal = fc.record({
	subject: fc.constantFrom("dana", "mallory", "agent-7"),
	kind: fc.constantFrom("human", "agent", "service"),
	provider: fc.constantFrom("corp", "ci", "co/rp"),
	groups: some(["dba", "writers"]),
});
const grant = fc.constantFrom(requirement, { ...requirement, min: 2 }, { rule: "break-glass", ...approvals });

interface Base {
	readonly principal: object;
	readonly connection: object;
	readonly session: object;
	readonly time: object;
	readonly command: { readonly statements: readonly object[] };
}

const command = fc
	.record({
		statements: fc.array(statement, { maxLength: 3 }),
		writes: fc.array(write, { maxLength: 3 }),
		principal,
		grants: fc.array(grant, { maxLength: 2 }),
		reason: fc.constantFrom("", "INC-1"),
		env: fc.constantFrom("prod", "test"),
		hour: fc.integer({ min: 0, max: 23 }),
		weekday: fc.constantFrom("Monday", "Sunday"),
	})
	.map((made) => {
		const base = structuredClone(commandInput()) as Base;
		const [plain] = base.command.statements;
		return {
			...base,
			principal: { ...base.principal, ...made.principal },
			connection: { ...base.connection, labels: { env: made.env } },
			session: { ...base.session, reason: made.reason },
			time: { ...base.time, hour: made.hour, weekday: made.weekday },
			approvals: made.grants.map((granted) => ({ id: "g", requirement: granted })),
			command: {
				...base.command,
				statements: made.statements.map((each) => ({ ...plain, ...each })),
				writes: made.writes,
			},
		};
	});

test(`${COMMANDS} commands are decided alike`, async () => {
	const directory = await mkdtemp(join(tmpdir(), "sallyport-parity-"));
	after(() => rm(directory, { recursive: true, force: true }));
	const inputs = fc.sample(command, { numRuns: COMMANDS, seed: SEED });
	await writeFile(join(directory, "data.json"), JSON.stringify({ sallyport: { packs: PACKS } }));
	const opa = await Opa.find();
	const { archive } = await buildBundle({ dirs: [directory], sequence: 1, opa: opa.path });
	await writeFile(join(directory, "b.tar.gz"), archive);
	const policy = await openPolicy(await readBundleAt(join(directory, "b.tar.gz")));

	await writeFile(join(directory, "inputs.json"), JSON.stringify({ inputs }));
	const data = [
		"-d",
		libraryDirectory(),
		"-d",
		join(directory, "data.json"),
		"-d",
		join(directory, "inputs.json"),
	];
	const query =
		"[decision | some given in data.inputs; decision := data.sallyport.command.decision with input as given]";
	const expected = await opa.json<{ action: string }[]>([
		"eval",
		"--strict-builtin-errors",
		"--format",
		"raw",
		...data,
		query,
	]);
	assert.equal(expected.length, COMMANDS);
	for (const [index, input] of inputs.entries()) {
		const { decision } = policy.decideCommand(JSON.stringify(input));
		assert.deepEqual(decision, expected[index], JSON.stringify(input));
	}
	const actions = new Set(expected.map(({ action }) => action));
	assert.deepEqual(
		[...actions].sort(),
		["allow", "deny", "require_approval"],
		"the sample has every kind of answer",
	);
});
