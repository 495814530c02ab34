/**
 * What tells whether something in the catalog has changed of which it isn't worth knowing what: for each of its tables
 * the count of rows and the sum of their `xmin`. An update gives a row a later transaction, so that equal counts with an
 * equal sum are equal rows. Temporary objects, of which other sessions may make many, are left out. The server's own
 * functions are in it because a superuser may replace them. Roles and memberships decide on the search path, and the
 * owner of the database with them.
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

const TEMPORARY_SCHEMAS = `ARRAY(SELECT n.oid FROM pg_catalog.pg_namespace n WHERE pg_catalog.starts_with(n.nspname::pg_catalog.text, 'pg_temp_') OR pg_catalog.starts_with(n.nspname::pg_catalog.text, 'pg_toast_temp_'))`;
const notTemporary = (column: string): string =>
	`x.${column} OPERATOR(pg_catalog.<>) ALL (${TEMPORARY_SCHEMAS})`;

const SERVER_FUNCTIONS = sum("pg_proc", "x.oid OPERATOR(pg_catalog.<) '16384'::pg_catalog.oid");
const ROLES = `(SELECT pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.sum(pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', r.oid, r.rolname, r.rolsuper, r.rolinherit), 0))) FROM pg_catalog.pg_roles r)`;

/**
 * Which transactions were done when this was asked: equal as long as none has written anything anywhere. A standby's
 * snapshot doesn't name those that are not done, so there it is never equal.
 */
export const SNAPSHOT_TEXT = `pg_catalog.concat(pg_catalog.pg_current_snapshot(),
	CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.concat(' ', pg_catalog.clock_timestamp()) END)`;

export const SNAPSHOT = `SELECT ${SNAPSHOT_TEXT}`;

/** An expression that is equal as long as these are: they change seldom, or have few rows. */
export const OTHERS = `pg_catalog.concat_ws(' ',
${[
	SERVER_FUNCTIONS,
	sum("pg_operator", notTemporary("oprnamespace")),
	sum("pg_opclass", notTemporary("opcnamespace")),
	sum("pg_amop"),
	sum("pg_amproc"),
	sum("pg_cast"),
	sum("pg_language"),
	sum("pg_namespace", notTemporary("oid")),
	sum("pg_event_trigger"),
	sum("pg_auth_members"),
	sum("pg_database", "x.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()"),
	ROLES,
].join(",\n")})`;

/** The part of it that tells whether the server's own objects are as they were. */
export const SERVER_PROBE = `SELECT ${SERVER_FUNCTIONS}`;
