# The pack that is on unless `data.sallyport.packs.safe_defaults.enabled` is false: reads, writes that name their
# rows, transactions, locks and settings are allowed; what is stronger is refused to all but those to whom
# `data.sallyport.packs.safe_defaults.permit` gives it:
#
#     permit:
#       schema: [group:corp/dba]          # DDL
#       temporary: [kind:agent]           # temporary tables and views
#       privilege: [group:corp/dba]       # GRANT, roles, SET ROLE
#       maintenance: [user:ci/nightly]    # VACUUM, ANALYZE, REINDEX
#       execute: []                       # files, programs, other servers, DO and CALL
#       unknown: []                       # whatever can't be judged: it could be anything of the above
#       truncate: []
#       unbounded_write: []               # UPDATE and DELETE of every row
package sallyport.command

import data.sallyport.break_glass
import data.sallyport.principal
import data.sallyport.sql

# METADATA
# description: True unless the pack is turned off.
safe_defaults if not data.sallyport.packs.safe_defaults.enabled == false

# METADATA
# description: True when the principal was given what is named, by data or by breaking the glass.
safe_defaults_permit(name) if principal.is_any(data.sallyport.packs.safe_defaults.permit[name])

safe_defaults_permit(name) if break_glass.permits(name)

# METADATA
# title: Everyday statements
# description: Allows what has no strong effect, or none that the principal was not given.
allow contains {"rule": "safe-defaults", "message": "reads, bounded writes and what data permits"} if {
	safe_defaults
	input.command.type == "sql"
	every effect in sql.strong {
		safe_defaults_permit(effect)
	}
}

# METADATA
# title: Commands are recorded, results are not
# description: Rows are kept only where a rule asks for it.
record contains {"rule": "safe-defaults", "level": "commands"} if safe_defaults

# METADATA
# title: What can't be judged
# description: A statement whose effects aren't fully known could do anything.
deny contains {
	"rule": "opaque",
	"message": concat("", ["what this does can't be judged: ", concat("; ", sql.opaque_reasons)]),
	"remedy": "write the statement so that it names what it does",
} if {
	safe_defaults
	"unknown" in sql.strong
	not safe_defaults_permit("unknown")
}

# METADATA
# title: Schema changes
# description: DDL of any kind.
deny contains {
	"rule": "no-schema-changes",
	"message": "schema changes are not permitted here",
	"remedy": "send them through migrations, or ask for data.sallyport.packs.safe_defaults.permit.schema",
} if {
	safe_defaults
	"schema" in sql.strong
	not safe_defaults_permit("schema")
}

# METADATA
# title: Temporary tables
# description: They hold what was read before, outside of every rule about the tables that it came from.
deny contains {
	"rule": "no-temporary-tables",
	"message": "temporary tables are not permitted here",
	"remedy": "use a CTE, or ask for data.sallyport.packs.safe_defaults.permit.temporary",
} if {
	safe_defaults
	"temporary" in sql.strong
	not safe_defaults_permit("temporary")
}

# METADATA
# title: Rights
# description: GRANT, REVOKE, roles and acting as another one, default privileges, settings of roles and databases.
deny contains {
	"rule": "no-privilege-changes",
	"message": "changing roles and rights is not permitted here",
	"remedy": "ask whoever administers the database",
} if {
	safe_defaults
	"privilege" in sql.strong
	not safe_defaults_permit("privilege")
}

# METADATA
# title: Maintenance
# description: VACUUM, ANALYZE, CLUSTER, REINDEX, CHECKPOINT.
deny contains {
	"rule": "no-maintenance",
	"message": "maintenance is not permitted here",
	"remedy": "leave it to autovacuum, or ask whoever administers the database",
} if {
	safe_defaults
	"maintenance" in sql.strong
	not safe_defaults_permit("maintenance")
}

# METADATA
# title: Beyond the database
# description: Files, programs, other servers, signals, notifications, code in DO and CALL.
deny contains {
	"rule": "no-execution",
	"message": "reaching files, programs or other servers, and running code, is not permitted here",
	"remedy": "use plain SQL; load and unload with COPY FROM STDIN and COPY TO STDOUT",
} if {
	safe_defaults
	"execute" in sql.strong
	not safe_defaults_permit("execute")
}

# METADATA
# title: Writes that name no rows
# description: UPDATE and DELETE without WHERE, and any write whose WHERE is true or false for all rows.
deny contains {
	"rule": "unbounded-write",
	"message": concat("", [upper(write.op), " on ", write.relation, " would reach every row"]),
	"remedy": "name the rows in a WHERE clause",
} if {
	safe_defaults
	some write in input.command.writes
	sql.unbounded(write)
	not safe_defaults_permit("unbounded_write")
}

# METADATA
# title: TRUNCATE
# description: It empties a table, can't be filtered and fires no row triggers.
deny contains {
	"rule": "no-truncate",
	"message": concat("", ["TRUNCATE of ", write.relation, " is not permitted here"]),
	"remedy": "DELETE the rows that have to go, with a WHERE clause",
} if {
	safe_defaults
	some write in input.command.writes
	write.op == "truncate"
	not safe_defaults_permit("truncate")
}

# METADATA
# title: Stored credentials
# description: The columns in which PostgreSQL keeps passwords and connection strings.
deny contains {
	"rule": "no-stored-credentials",
	"message": concat("", [sql.column_name(column), " holds credentials"]),
	"remedy": "select the other columns, or the view pg_roles",
} if {
	safe_defaults
	some statement in input.command.statements
	some column in statement.columns
	column.schema == "pg_catalog"
	stored_credentials[column.table] == column.name
	not left_out(statement, column)
}

# METADATA
# description: A view's query names the column, and nothing of it gets into what the statement gives, as with `pg_user`.
left_out(statement, column) if {
	statement.kind == "select"
	count(statement.nested) == 0
	count(column.use) == 0
}

# METADATA
# description: The column of each catalog that holds credentials.
stored_credentials := {
	"pg_authid": "rolpassword",
	"pg_subscription": "subconninfo",
	"pg_user_mapping": "umoptions",
}
