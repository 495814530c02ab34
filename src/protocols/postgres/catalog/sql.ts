/**
 * The statements that read the catalog. They mean the same under any search path and beside any user's operators:
 * relations, functions, types and operators are all qualified, and the few constructs that look an operator up by
 * themselves (IN, BETWEEN, simple CASE, USING, IS DISTINCT FROM) are not used. Arrays come as JSON.
 */

/**
 * What is to be read: what belongs to the server itself (OIDs below 16384), all that came later, or only what belongs
 * to these OIDs.
 */
export type Part = "server" | "user" | readonly number[];

const among = (column: string, oids: readonly number[]): string =>
	`${column} OPERATOR(pg_catalog.=) ANY ('{${oids.join(",")}}'::pg_catalog.oid[])`;
const oid = (column: string, part: Part): string => {
	if (typeof part !== "string") return among(column, part);
	return `${column} OPERATOR(pg_catalog.${part === "server" ? "<" : ">="}) '16384'::pg_catalog.oid`;
};
const eq = (left: string, right: string): string => `${left} OPERATOR(pg_catalog.=) ${right}`;
const ne = (left: string, right: string): string => `${left} OPERATOR(pg_catalog.<>) ${right}`;
const join = (table: string, left: string, right: string): string =>
	`JOIN pg_catalog.${table} ON ${eq(left, right)}`;
const json = (array: string): string => `pg_catalog.array_to_json(${array})`;

export const SERVER_VERSION = "SELECT pg_catalog.current_setting('server_version_num')";

/** Every schema; the session's own temporary one is marked. */
export const SCHEMAS = `SELECT n.oid, n.nspname, ${eq("n.oid", "pg_catalog.pg_my_temp_schema()")} FROM pg_catalog.pg_namespace n`;

export const relations = (part: Part): string => `
SELECT c.oid, c.relnamespace, c.relname, c.relkind, c.relpersistence, c.relrowsecurity, r.xmin
FROM pg_catalog.pg_class c
LEFT JOIN pg_catalog.pg_rewrite r ON ${eq("r.ev_class", "c.oid")} AND ${eq("r.rulename", "'_RETURN'")}
WHERE ${oid("c.oid", part)}`;

export const viewDefinitions = (oids: readonly number[]): string => `
SELECT c.oid, pg_catalog.pg_get_viewdef(c.oid) FROM pg_catalog.pg_class c WHERE ${among("c.oid", oids)}`;

export const functionBodies = (oids: readonly number[]): string => `
SELECT p.oid, pg_catalog.pg_get_function_sqlbody(p.oid) FROM pg_catalog.pg_proc p WHERE ${among("p.oid", oids)}`;

export const ruleDefinitions = (oids: readonly number[]): string => `
SELECT r.oid, pg_catalog.pg_get_ruledef(r.oid) FROM pg_catalog.pg_rewrite r WHERE ${among("r.oid", oids)}`;

export const policyExpressions = (oids: readonly number[]): string => `
SELECT p.oid, pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)
FROM pg_catalog.pg_policy p WHERE ${among("p.oid", oids)}`;

export const columns = (part: Part): string => `
SELECT a.attrelid, a.attnum, a.attname, a.atttypid, ${ne("a.attgenerated", "''")}, d.oid, d.xmin, a.atttypmod
FROM pg_catalog.pg_attribute a
LEFT JOIN pg_catalog.pg_attrdef d ON ${eq("d.adrelid", "a.attrelid")} AND ${eq("d.adnum", "a.attnum")}
WHERE ${oid("a.attrelid", part)} AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum`;

/** In the server's own code (12) or in C (13): languages are told by their OIDs, which nobody else's has. */
const NATIVE = "p.prolang OPERATOR(pg_catalog.=) ANY ('{12,13}'::pg_catalog.oid[])";

export const functions = (part: Part): string => `
SELECT p.oid, p.pronamespace, p.proname, p.prokind, p.provolatile, l.lanname, p.prosecdef, p.pronargs,
	p.pronargdefaults, ${ne("p.provariadic", "0::pg_catalog.oid")}, ${json("p.proargnames")}, ${json("p.proargmodes")},
	p.proargtypes::pg_catalog.text, p.prorettype, p.proretset,
	CASE WHEN l.lanname OPERATOR(pg_catalog.=) ANY ('{sql,plpgsql}'::pg_catalog.name[]) AND p.prosqlbody IS NULL
		THEN p.prosrc END,
	p.prosqlbody IS NOT NULL, ${json("p.proconfig")}, pg_catalog.pg_get_expr(p.proargdefaults, 0::pg_catalog.oid),
	g.aggtransfn::pg_catalog.oid, g.aggfinalfn::pg_catalog.oid, g.aggcombinefn::pg_catalog.oid,
	g.aggserialfn::pg_catalog.oid, g.aggdeserialfn::pg_catalog.oid, g.aggmtransfn::pg_catalog.oid,
	g.aggminvtransfn::pg_catalog.oid, g.aggmfinalfn::pg_catalog.oid, p.xmin,
	CASE WHEN ${NATIVE} THEN p.probin END, CASE WHEN ${NATIVE} THEN p.prosrc END
FROM pg_catalog.pg_proc p ${join("pg_language l", "l.oid", "p.prolang")}
LEFT JOIN pg_catalog.pg_aggregate g ON ${eq("g.aggfnoid::pg_catalog.oid", "p.oid")}
WHERE ${oid("p.oid", part)}`;

export const operators = (part: Part): string => `
SELECT o.oprnamespace, o.oprname, o.oprcode::pg_catalog.oid, o.oprleft, o.oprright
FROM pg_catalog.pg_operator o WHERE ${oid("o.oid", part)}`;

export const types = (part: Part): string => `
SELECT t.oid, t.typnamespace, t.typname, t.typtype, t.typrelid, t.typbasetype,
	CASE WHEN ${eq("t.typlen", "-1::pg_catalog.int2")} THEN t.typelem ELSE 0::pg_catalog.oid END,
	t.typinput::pg_catalog.oid, t.typoutput::pg_catalog.oid, pg_catalog.pg_get_expr(t.typdefaultbin, 0::pg_catalog.oid)
FROM pg_catalog.pg_type t WHERE ${oid("t.oid", part)}`;

export const domainChecks = (part: Part): string => `
SELECT k.contypid, pg_catalog.pg_get_expr(k.conbin, 0::pg_catalog.oid)
FROM pg_catalog.pg_constraint k
WHERE ${eq("k.contype", "'c'")} AND ${ne("k.contypid", "0::pg_catalog.oid")} AND k.conbin IS NOT NULL
AND ${oid("k.contypid", part)}`;

export const tableChecks = (part: Part): string => `
SELECT k.conrelid, NULL, k.oid, k.xmin
FROM pg_catalog.pg_constraint k
WHERE ${eq("k.contype", "'c'")} AND ${oid("k.conrelid", part)} AND k.conbin IS NOT NULL`;

/** Foreign keys whose deletes or updates act on the rows that refer: c(ascade), set n(ull), set d(efault). */
export const cascades = (part: Part): string => `
SELECT k.confrelid, k.conrelid, k.confdeltype, k.confupdtype
FROM pg_catalog.pg_constraint k
WHERE ${eq("k.contype", "'f'")}
AND (k.confdeltype OPERATOR(pg_catalog.=) ANY ('{c,n,d}'::pg_catalog."char"[])
	OR k.confupdtype OPERATOR(pg_catalog.=) ANY ('{c,n,d}'::pg_catalog."char"[]))
AND ${oid("k.confrelid", part)}`;

export const indexes = (part: Part): string => `
SELECT i.indrelid, NULL, i.indexrelid, i.xmin
FROM pg_catalog.pg_index i WHERE (i.indexprs IS NOT NULL OR i.indpred IS NOT NULL) AND ${oid("i.indrelid", part)}`;

/** Extended statistics on expressions, which ANALYZE evaluates. */
export const statistics = (part: Part): string => `
SELECT s.stxrelid, NULL, s.oid, s.xmin FROM pg_catalog.pg_statistic_ext s
WHERE s.stxexprs IS NOT NULL AND ${oid("s.stxrelid", part)}`;

export const partitionKeys = (part: Part): string => `
SELECT p.partrelid, NULL, p.partrelid, p.xmin FROM pg_catalog.pg_partitioned_table p
WHERE p.partexprs IS NOT NULL AND ${oid("p.partrelid", part)}`;

export const partitionColumns = (part: Part): string => `
SELECT p.partrelid, p.partattrs::pg_catalog.text FROM pg_catalog.pg_partitioned_table p WHERE ${oid("p.partrelid", part)}`;

export const defaultExpressions = (oids: readonly number[]): string => `
SELECT d.oid, pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d WHERE ${among("d.oid", oids)}`;

export const checkExpressions = (oids: readonly number[]): string => `
SELECT k.oid, pg_catalog.pg_get_expr(k.conbin, k.conrelid) FROM pg_catalog.pg_constraint k WHERE ${among("k.oid", oids)}`;

export const indexExpressions = (oids: readonly number[]): string => `
SELECT i.indexrelid, pg_catalog.pg_get_expr(i.indexprs, i.indrelid), pg_catalog.pg_get_expr(i.indpred, i.indrelid)
FROM pg_catalog.pg_index i WHERE ${among("i.indexrelid", oids)}`;

export const statisticsExpressions = (oids: readonly number[]): string => `
SELECT s.oid, pg_catalog.array_to_string(pg_catalog.pg_get_statisticsobjdef_expressions(s.oid), ', ')
FROM pg_catalog.pg_statistic_ext s WHERE ${among("s.oid", oids)}`;

export const partitionExpressions = (oids: readonly number[]): string => `
SELECT p.partrelid, pg_catalog.pg_get_expr(p.partexprs, p.partrelid), NULL
FROM pg_catalog.pg_partitioned_table p WHERE ${among("p.partrelid", oids)}`;

export const triggerDefinitions = (oids: readonly number[]): string => `
SELECT t.oid, pg_catalog.pg_get_triggerdef(t.oid, false) FROM pg_catalog.pg_trigger t WHERE ${among("t.oid", oids)}`;

/** A trigger's WHEN names two rows, which `pg_get_expr` refuses: it has to be cut out of the definition. */
export const triggers = (part: Part): string => `
SELECT t.tgrelid, t.tgname, t.oid, t.xmin, t.tgtype, t.tgfoid, t.tgqual IS NOT NULL
FROM pg_catalog.pg_trigger t
WHERE NOT t.tgisinternal AND ${ne("t.tgenabled", "'D'")} AND ${oid("t.tgrelid", part)}`;

export const rules = (part: Part): string => `
SELECT r.ev_class, r.ev_type, r.oid, r.xmin
FROM pg_catalog.pg_rewrite r
WHERE ${ne("r.rulename", "'_RETURN'")} AND ${oid("r.ev_class", part)} AND ${ne("r.ev_enabled", "'D'")}`;

export const policies = (part: Part): string =>
	`SELECT p.polrelid, p.polcmd, p.oid, p.xmin FROM pg_catalog.pg_policy p WHERE ${oid("p.polrelid", part)}`;

export const inheritance = (part: Part): string => `
SELECT i.inhparent, i.inhrelid FROM pg_catalog.pg_inherits i
WHERE ${oid("i.inhparent", part)} OR ${oid("i.inhrelid", part)}`;

export const USER_CASTS = `
SELECT c.castsource, c.casttarget, c.castfunc, c.castcontext
FROM pg_catalog.pg_cast c
WHERE ${ne("c.castfunc", "0::pg_catalog.oid")} AND (${oid("c.oid", "user")} OR ${oid("c.castfunc", "user")})`;

/** Not C and not internal: languages in which anybody may write what does more than compare. */
const WRITTEN = "f.prolang OPERATOR(pg_catalog.<>) ALL ('{12,13}'::pg_catalog.oid[])";

/**
 * Of operator classes: their operators' functions and their support functions. An index or a partition key may take
 * one that is not its type's default; of those, extensions' are left out, which are C and only compute. A range type
 * has one of its own for its bounds, and a function that tells how far they are apart.
 */
export const USER_COMPARISONS = `
SELECT k.opcintype, f.oid, k.opcdefault
FROM pg_catalog.pg_opclass k
${join("pg_amop m", "m.amopfamily", "k.opcfamily")} ${join("pg_operator o", "o.oid", "m.amopopr")}
${join("pg_proc f", "f.oid", "o.oprcode::pg_catalog.oid")}
WHERE (k.opcdefault OR ${WRITTEN}) AND ${eq("m.amoplefttype", "k.opcintype")} AND ${oid("f.oid", "user")}
UNION ALL SELECT k.opcintype, f.oid, k.opcdefault
FROM pg_catalog.pg_opclass k ${join("pg_amproc s", "s.amprocfamily", "k.opcfamily")}
${join("pg_proc f", "f.oid", "s.amproc::pg_catalog.oid")}
WHERE (k.opcdefault OR ${WRITTEN}) AND ${eq("s.amproclefttype", "k.opcintype")} AND ${oid("f.oid", "user")}
UNION ALL SELECT t.oid, f.oid, true
FROM pg_catalog.pg_range r ${join("pg_opclass k", "k.oid", "r.rngsubopc")} ${join("pg_amproc s", "s.amprocfamily", "k.opcfamily")}
JOIN pg_catalog.pg_proc f ON f.oid OPERATOR(pg_catalog.=) ANY (ARRAY[s.amproc::pg_catalog.oid, r.rngsubdiff::pg_catalog.oid])
JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) ANY (ARRAY[r.rngtypid, r.rngmultitypid])
WHERE ${oid("f.oid", "user")}`;

const classOf = (classes: string): string =>
	`JOIN pg_catalog.pg_opclass k ON k.oid OPERATOR(pg_catalog.=) ANY (${classes}::pg_catalog.oid[])`;
const SUPPORT = `${join("pg_amproc s", "s.amprocfamily", "k.opcfamily")} ${join("pg_proc f", "f.oid", "s.amproc::pg_catalog.oid")}`;

/** Which of them the indexes and partition keys of a relation run. */
export const relationComparisons = (part: Part): string => `
SELECT i.indrelid, f.oid FROM pg_catalog.pg_index i ${classOf("i.indclass")} ${SUPPORT}
WHERE ${oid("f.oid", "user")} AND ${WRITTEN} AND ${oid("i.indrelid", part)}
UNION SELECT p.partrelid, f.oid FROM pg_catalog.pg_partitioned_table p ${classOf("p.partclass")} ${SUPPORT}
WHERE ${oid("f.oid", "user")} AND ${WRITTEN} AND ${oid("p.partrelid", part)}`;

export const EVENT_TRIGGERS = `
SELECT e.evtname, e.evtfoid FROM pg_catalog.pg_event_trigger e WHERE ${ne("e.evtenabled", "'D'")}`;
