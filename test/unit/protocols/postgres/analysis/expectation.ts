import assert from "node:assert/strict";
import type { AnalysedStatement } from "../../../../../src/protocols/postgres/analysis/index.ts";

/**
 * What a case says of a statement; what it doesn't name isn't looked at, but that names resolve and that nothing is
 * opaque holds unless the case says otherwise.
 */
export interface Expectation {
	readonly kind?: string;
	/** All of them, weakest first. */
	readonly effects?: readonly string[];
	/** Each `schema.name access,access via schema.view`; at least these. */
	readonly relations?: readonly string[];
	/** No relation of these names (`schema.name`) at all. */
	readonly no_relations?: readonly string[];
	/** Each `table.column use,use` with all its uses (`none` for no use), then `=` for equality only, `stored`. */
	readonly columns?: readonly string[];
	/** Each `name` or `name via what`; at least these. */
	readonly functions?: readonly string[];
	/** False (the default), true, or texts that the reasons hold. */
	readonly opaque?: boolean | readonly string[];
	/** All writes: `op relation` and ` where` or ` constant`. */
	readonly writes?: readonly string[];
	/**
	 * All columns that come back: `name <- table.column, table.column*`, where `*` says not direct, `*aggregate` and
	 * `*count_only` how; at least these sources,
	 * none at all when nothing follows the arrow. A `?` at the end: something unread had a part. `null`: not known.
	 */
	readonly output?: readonly string[] | null;
	readonly nested?: readonly string[];
	readonly details?: Readonly<Record<string, unknown>>;
	readonly where?: "none" | "some" | "constant";
	readonly limit?: number;
	readonly returns?: string;
	/** `SQLSTATE message`. */
	readonly unresolved?: string;
	readonly changes?: readonly string[];
	readonly control?: Readonly<Record<string, unknown>>;
	readonly cacheable?: boolean;
}

export function check(statement: AnalysedStatement, expected: Expectation): void {
	const { policy } = statement;
	const unresolved = statement.unresolved;
	assert.equal(
		unresolved === null ? null : `${unresolved.sqlstate} ${unresolved.message}`,
		expected.unresolved ?? null,
	);
	checkOpaque(policy.opaque_reasons, expected.unresolved === undefined ? (expected.opaque ?? false) : true);
	if (expected.kind !== undefined) assert.equal(policy.kind, expected.kind);
	if (expected.effects !== undefined) assert.deepEqual(policy.effects, expected.effects);
	contains(policy.relations.map(relationText), expected.relations);
	const reached = policy.relations.map((relation) => `${relation.schema}.${relation.name}`);
	for (const name of expected.no_relations ?? [])
		assert.ok(!reached.includes(name), `${name} is among ${reached.join("; ")}`);
	contains(policy.columns.map(columnText), expected.columns);
	contains(
		policy.functions.flatMap((called) => [called.name, `${called.name} via ${called.via.join(" > ")}`]),
		expected.functions,
	);
	if (expected.writes !== undefined)
		assert.deepEqual(statement.writes.map(writeText).sort(), [...expected.writes].sort());
	if (expected.output !== undefined) checkOutput(statement.output, expected.output);
	if (expected.nested !== undefined)
		assert.deepEqual(
			policy.nested.map((inner) => inner.kind),
			expected.nested,
		);
	for (const [key, value] of Object.entries(expected.details ?? {}))
		assert.deepEqual(policy.details[key], value, `details.${key}`);
	if (expected.where !== undefined) {
		const where = !policy.has_where ? "none" : policy.where_is_constant ? "constant" : "some";
		assert.equal(where, expected.where);
	}
	if (expected.limit !== undefined) assert.equal(policy.limit, expected.limit);
	if (expected.returns !== undefined) assert.equal(statement.returns, expected.returns);
	if (expected.changes !== undefined) {
		const changed = Object.entries(statement.changes).flatMap(([name, value]) => (value ? [name] : []));
		assert.deepEqual(changed, expected.changes);
	}
	for (const [key, value] of Object.entries(expected.control ?? {})) {
		assert.deepEqual((statement.control as unknown as Record<string, unknown>)[key], value, `control.${key}`);
	}
	if (expected.cacheable !== undefined) assert.equal(statement.cacheable, expected.cacheable);
}

function checkOpaque(reasons: readonly string[], expected: boolean | readonly string[]): void {
	if (typeof expected === "boolean") {
		assert.equal(reasons.length > 0, expected, `opaque: ${reasons.join("; ")}`);
		return;
	}
	for (const part of expected)
		assert.ok(
			reasons.some((reason) => reason.includes(part)),
			`${part}: ${reasons.join("; ")}`,
		);
}

function contains(actual: readonly string[], expected: readonly string[] | undefined): void {
	for (const each of expected ?? [])
		assert.ok(actual.includes(each), `${each}\n  is not among\n  ${actual.join("\n  ")}`);
}

function relationText(relation: AnalysedStatement["policy"]["relations"][number]): string {
	const via = relation.via.length === 0 ? "" : ` via ${relation.via.join(" > ")}`;
	return `${relation.schema}.${relation.name} ${[...relation.access].sort().join(",")}${via}`;
}

function columnText(column: AnalysedStatement["policy"]["columns"][number]): string {
	const uses = column.use.length === 0 ? "none" : [...column.use].sort().join(",");
	return `${column.table}.${column.name} ${uses}${column.equality_only ? " =" : ""}${column.stored ? " stored" : ""}`;
}

function writeText(write: AnalysedStatement["writes"][number]): string {
	return `${write.op} ${write.relation}${write.has_where ? " where" : ""}${write.where_is_constant ? " constant" : ""}`;
}

function checkOutput(actual: AnalysedStatement["output"], expected: readonly string[] | null): void {
	if (expected === null || actual === null) {
		assert.ok(expected === null && actual === null, "whether the columns are known");
		return;
	}
	const names = expected.map((each) => each.split(" <-")[0]);
	assert.deepEqual(
		actual.map((column) => column.name),
		names,
	);
	for (const [index, each] of expected.entries()) {
		const column: NonNullable<AnalysedStatement["output"]>[number] | undefined = actual[index];
		const wanted = (each.split("<-")[1] ?? "").trim();
		const sources: string[] = (column?.sources ?? []).flatMap(({ table, column: name, flow }) =>
			flow === "direct" ? `${table}.${name}` : [`${table}.${name}*`, `${table}.${name}*${flow}`],
		);
		assert.equal(column?.opaque, wanted.endsWith("?"), `${each}: opaque`);
		const list = wanted.replace(/\s*\?$/, "");
		if (list === "") assert.deepEqual(sources, [], each);
		else contains(sources, list.split(/\s*,\s*/));
	}
}
