/**
 * What tells whether anything in the catalog has changed: for each of its tables the count of rows and the sum of
 * their `xmin`. An update gives a row a later transaction, so that equal counts with an equal sum are equal rows; what
 * VACUUM and ANALYZE write they write in place, and it doesn't show. Temporary objects, of which other sessions may
 * make many, are left out, and of the large tables the rows of the server itself; of its functions not, because a
 * superuser may replace them. Roles and memberships decide on the search path, and the owner of the database with them.
 */

const NORMAL = "pg_catalog.age(x.xmin) OPERATOR(pg_catalog.<) 2147483647";

/**
 * Count and sum of one table. `age` is how far `xmin` lies behind the transaction counter, so from its sum that of a
 * fixed one is taken as often as it was counted; it is the only arithmetic on transaction numbers that needs no text,
 * and 10 times as fast. Rows of before the counter (frozen by an old upgrade) have the largest int4 for an age.
 */
const sum = (table: string, where = "true"): string => `(
	SELECT pg_catalog.concat(n, '/', s OPERATOR(pg_catalog.-) (m OPERATOR(pg_catalog.*) pg_catalog.age('3'::pg_catalog.xid)))
	FROM (
		SELECT pg_catalog.count(*) AS n,
			pg_catalog.count(*) FILTER (WHERE ${NORMAL}) AS m,
			pg_catalog.sum(pg_catalog.age(x.xmin)) FILTER (WHERE ${NORMAL}) AS s
		FROM pg_catalog.${table} x WHERE ${where}
	) AS counted)`;

const user = (column: string): string => `x.${column} OPERATOR(pg_catalog.>=) '16384'::pg_catalog.oid`;
const PERMANENT = "x.relpersistence OPERATOR(pg_catalog.<>) 't'";
const TEMPORARY_SCHEMAS = `ARRAY(SELECT n.oid FROM pg_catalog.pg_namespace n WHERE pg_catalog.starts_with(n.nspname::pg_catalog.text, 'pg_temp_') OR pg_catalog.starts_with(n.nspname::pg_catalog.text, 'pg_toast_temp_'))`;
const notTemporary = (column: string): string =>
	`x.${column} OPERATOR(pg_catalog.<>) ALL (${TEMPORARY_SCHEMAS})`;
const ofPermanent = (column: string): string =>
	`${user(column)} AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid OPERATOR(pg_catalog.=) x.${column} AND c.relpersistence OPERATOR(pg_catalog.<>) 't')`;
/** Columns of what is made of columns: those of indexes and toast tables are several times as many. */
const COLUMNS = `x.attnum OPERATOR(pg_catalog.>) 0::pg_catalog.int2 AND EXISTS (SELECT FROM pg_catalog.pg_class c
	WHERE c.oid OPERATOR(pg_catalog.=) x.attrelid AND c.oid OPERATOR(pg_catalog.>=) '16384'::pg_catalog.oid
	AND c.relpersistence OPERATOR(pg_catalog.<>) 't' AND c.relkind OPERATOR(pg_catalog.<>) ALL ('{i,I,t,S}'::pg_catalog."char"[]))`;

const ROLES = `(SELECT pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.sum(pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', r.oid, r.rolname, r.rolsuper, r.rolinherit), 0))) FROM pg_catalog.pg_roles r)`;

/**
 * Which transactions were done when this was asked: equal as long as none has written anything anywhere. A standby's
 * snapshot doesn't name those that are not done, so there it is never equal.
 */
const DONE = `pg_catalog.concat(pg_catalog.pg_current_snapshot(),
	CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.clock_timestamp() END)`;

export const SNAPSHOT = `SELECT ${DONE}`;

/** One row: the snapshot that it was answered on, and a value that is equal exactly when the catalog is. */
export const PROBE = `SELECT ${DONE}, pg_catalog.concat_ws(' ',
${[
	sum("pg_class", `${user("oid")} AND ${PERMANENT}`),
	sum("pg_attribute", COLUMNS),
	sum("pg_proc", notTemporary("pronamespace")),
	sum("pg_rewrite", ofPermanent("ev_class")),
	sum("pg_trigger", ofPermanent("tgrelid")),
	sum("pg_policy"),
	sum("pg_type", `${user("oid")} AND ${notTemporary("typnamespace")}`),
	sum("pg_operator", notTemporary("oprnamespace")),
	sum("pg_cast"),
	sum("pg_namespace", notTemporary("oid")),
	sum("pg_inherits"),
	sum("pg_constraint", notTemporary("connamespace")),
	sum("pg_event_trigger"),
	sum("pg_auth_members"),
	sum("pg_database", "x.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()"),
	ROLES,
].join(",\n")})`;

/** The part of it that tells whether the server's own objects are as they were. */
export const SERVER_PROBE = `SELECT ${sum("pg_proc", "x.oid OPERATOR(pg_catalog.<) '16384'::pg_catalog.oid")}`;
