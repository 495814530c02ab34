import type { DiscardStmt, VariableSetStmt, VariableShowStmt } from "libpg-query-18";
import type { Env } from "./environment.ts";
import { type Result, tagOnly } from "./result.ts";
import { as, literalText } from "./tree.ts";
import { plain, TYPE } from "./value.ts";

/**
 * Settings on which it depends what a later text means: after one of them changed, the rest of a text can't be
 * resolved in the scope at hand.
 */
const MEANING = new Set([
	"search_path",
	"role",
	"session_authorization",
	"standard_conforming_strings",
	"backslash_quote",
	"client_encoding",
	"transform_null_equals",
	"session_replication_role",
	"default_table_access_method",
	"all",
]);

/** True when names or texts may mean something else after this setting changed; extensions' own are in doubt. */
export const changesMeaning = (name: string): boolean => MEANING.has(name) || name.includes("plpgsql.");

/**
 * Settings that only choose how a query is run, never what it gives: "Query Tuning" of `pg_settings`, 14 to 18, without
 * the one that ANALYZE goes by.
 */
const PLANNER = new Set(
	`constraint_exclusion cpu_index_tuple_cost cpu_operator_cost cpu_tuple_cost cursor_tuple_fraction
	effective_cache_size enable_async_append enable_bitmapscan enable_distinct_reordering enable_gathermerge
	enable_group_by_reordering enable_hashagg enable_hashjoin enable_incremental_sort enable_indexonlyscan
	enable_indexscan enable_material enable_memoize enable_mergejoin enable_nestloop enable_parallel_append
	enable_parallel_hash enable_partition_pruning enable_partitionwise_aggregate enable_partitionwise_join
	enable_presorted_aggregate enable_self_join_elimination enable_seqscan enable_sort enable_tidscan
	from_collapse_limit geqo geqo_effort geqo_generations geqo_pool_size geqo_seed geqo_selection_bias geqo_threshold
	jit jit_above_cost jit_inline_above_cost jit_optimize_above_cost join_collapse_limit min_parallel_index_scan_size
	min_parallel_table_scan_size parallel_setup_cost parallel_tuple_cost plan_cache_mode random_page_cost
	recursive_worktable_factor seq_page_cost`.split(/\s+/),
);

/** Those that only choose how values are written in what a query gives; `bytea_output` is what pgAdmin begins with. */
const WRITING = new Set(["bytea_output", "extra_float_digits"]);

/** True when a setting changes neither what a statement reads nor what it does. */
export const onlyPresents = (name: string): boolean => PLANNER.has(name) || WRITING.has(name);

export function setStatement(body: VariableSetStmt, env: Env): Result {
	const name = (body.name ?? "").toLowerCase();
	const { findings } = env;
	findings.effect("session");
	findings.change({ settings: true });
	if (body.kind === "VAR_RESET_ALL")
		return tagOnly("reset_all", { name: "all", value: null, local: false }, { type: "reset_all" });
	const local = body.is_local === true;
	if (name === "role" || name === "session_authorization") findings.effect("privilege");
	if (body.kind === "VAR_SET_MULTI") return multiple(name, body, local);
	const reset = body.kind === "VAR_RESET";
	const values = (body.args ?? []).map(literalText);
	const unreadable = body.kind === "VAR_SET_CURRENT" || values.includes(null);
	const value =
		body.kind === "VAR_SET_VALUE" && !unreadable ? values.map(quoteIfList(values.length)).join(", ") : null;
	if (unreadable) findings.opaque(`the value that ${name} is set to can't be read from the text`);
	const details: Record<string, unknown> = { name, value, local };
	if (name === "role" || name === "session_authorization") details["role"] = value;
	return tagOnly(reset ? "reset" : kindOfSet(name, local), details, { type: "set", name, value, local });
}

function kindOfSet(name: string, local: boolean): string {
	if (name === "role" || name === "session_authorization") return `set_${name}`;
	return local ? "set_local" : "set";
}

/** An element of a list is shown in quotes when it is not a plain name, as the server does. */
const quoteIfList =
	(count: number) =>
	(value: string | null): string =>
		count < 2 || /^[a-z_][a-z0-9_$]*$/.test(value ?? "")
			? (value ?? "")
			: `"${(value ?? "").replaceAll('"', '""')}"`;

/** SET TRANSACTION, SET SESSION CHARACTERISTICS: several settings at once, of the transaction only. */
function multiple(name: string, body: VariableSetStmt, local: boolean): Result {
	const details: Record<string, unknown> = { name, value: null, local };
	for (const node of body.args ?? []) {
		const option = as(node, "DefElem");
		if (option?.defname !== undefined) details[option.defname] = literalText(option.arg);
		else details["snapshot"] = literalText(node);
	}
	const kind = name === "session characteristics" ? "set_session_characteristics" : "set_transaction";
	return tagOnly(kind, details, { type: "set", name, value: null, local: local || name === "transaction" });
}

/** SHOW gives one column of text, SHOW ALL three. */
export function showStatement(body: VariableShowStmt, env: Env): Result {
	env.findings.effect("read");
	const name = (body.name ?? "").toLowerCase();
	const columns = name === "all" ? ["name", "setting", "description"] : [SHOWN[name] ?? body.name ?? ""];
	const fields = columns.map((column) => ({ name: column, value: plain(TYPE.text) }));
	return { ...tagOnly("show", { name }), returns: "rows", fields };
}

/** Settings whose column is headed by their canonical spelling. */
const SHOWN: Readonly<Record<string, string>> = {
	datestyle: "DateStyle",
	intervalstyle: "IntervalStyle",
	timezone: "TimeZone",
};

const TARGETS = {
	DISCARD_ALL: "all",
	DISCARD_PLANS: "plans",
	DISCARD_SEQUENCES: "sequences",
	DISCARD_TEMP: "temporary",
} as const;

export function discardStatement(body: DiscardStmt, env: Env): Result {
	const target = TARGETS[body.target ?? "DISCARD_ALL"];
	env.findings.effect("session");
	if (target === "all" || target === "temporary") {
		env.findings.effect("schema");
		env.findings.change({ temporary: true });
	}
	env.findings.change({ settings: target === "all" });
	return tagOnly("discard", { target }, { type: "discard", target });
}
