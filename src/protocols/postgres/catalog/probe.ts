/**
 * What tells whether anything in the catalog has changed: for each of its tables the count of rows and the sum of
 * their `xmin`. An update gives a row a later transaction, so that equal counts with an equal sum are equal rows; what
 * VACUUM and ANALYZE write they write in place, and it doesn't show. Temporary objects, of which other sessions may
 * make many, are left out, and of the large tables the rows of the server itself; of its functions not, because a
 * superuser may replace them. Roles and memberships decide on the search path, and the owner of the database with them.
 */

const sum = (table: string, where = "true"): string =>
	`(SELECT pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.sum(x.xmin::pg_catalog.text::pg_catalog.int8)) FROM pg_catalog.${table} x WHERE ${where})`;

const user = (column: string): string => `x.${column} OPERATOR(pg_catalog.>=) '16384'::pg_catalog.oid`;
const PERMANENT = "x.relpersistence OPERATOR(pg_catalog.<>) 't'";
const TEMPORARY_SCHEMAS = `ARRAY(SELECT n.oid FROM pg_catalog.pg_namespace n WHERE pg_catalog.starts_with(n.nspname::pg_catalog.text, 'pg_temp_') OR pg_catalog.starts_with(n.nspname::pg_catalog.text, 'pg_toast_temp_'))`;
const notTemporary = (column: string): string =>
	`x.${column} OPERATOR(pg_catalog.<>) ALL (${TEMPORARY_SCHEMAS})`;
const ofPermanent = (column: string): string =>
	`${user(column)} AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid OPERATOR(pg_catalog.=) x.${column} AND c.relpersistence OPERATOR(pg_catalog.<>) 't')`;

const ROLES = `(SELECT pg_catalog.concat(pg_catalog.count(*), '/', pg_catalog.sum(pg_catalog.hashtextextended(pg_catalog.concat_ws(' ', r.oid, r.rolname, r.rolsuper, r.rolinherit), 0))) FROM pg_catalog.pg_roles r)`;

/** One row of one value, equal exactly when the catalog is. */
export const PROBE = `SELECT pg_catalog.concat_ws(' ',
${[
	sum("pg_class", `${user("oid")} AND ${PERMANENT}`),
	sum("pg_attribute", ofPermanent("attrelid")),
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
