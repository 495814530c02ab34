# Personal data: on when `data.sallyport.packs.pii` lists `columns` or `detect`, unless `enabled` is false. The listed columns
# are masked wherever a query takes them, and may not be used in ways that tell their values past the mask.
#
#     pii:
#       columns:
#         - {columns: [public.customers.email, public.customers.phone], transform: partial, keep: 4}
#         - {columns: ["public.staff.*", "*.*.password"], transform: redact}
#         - {columns: ["public.orders.payload#>>{card,number}"], transform: "null"}
#       detect:                              # what is looked for in all other values, and in errors and notices
#         - {columns: ["*"], detectors: [email, card, iban, employee]}
#       expressions: {employee: "E-[0-9]{6}"}  # own detectors, in RE2's syntax
#       names: [Ada Lovelace]                # whom the detector `person` finds
#       clear_for: [group:corp/privacy]      # who sees them as they are
#
# `detect` works without `columns`. What is found is replaced by its kind, `[email]`; nothing is refused for it.
#
# Columns of a partition or child count as those of its parents too, and a view's as those of its tables.
#
# What is left to whoever asks again and again: that a computation on a masked value failed, how long it took, and in
# which order rows come that were grouped by one. LISTEN hears what others send.
package sallyport.command

import data.sallyport.principal
import data.sallyport.sql

# METADATA
# description: True when columns are listed and the principal is not one who sees them as they are.
pii if {
	data.sallyport.packs.pii.columns[0]
	not data.sallyport.packs.pii.enabled == false
	not pii_clear
}

# METADATA
# description: True for a principal who sees the listed columns as they are.
pii_clear if principal.is_any(data.sallyport.packs.pii.clear_for)

# METADATA
# title: Personal data is masked
# description: All that is listed; the gateway finds what of it a command returns.
mask contains object.union({"rule": "pii"}, group) if {
	pii
	some group in data.sallyport.packs.pii.columns
}

# METADATA
# title: Personal data is looked for
# description: In every value of the columns, whatever table it comes from; `*` means constants and errors as well.
mask contains object.union({"rule": "pii-detect"}, group) if {
	not data.sallyport.packs.pii.enabled == false
	not pii_clear
	some group in data.sallyport.packs.pii.detect
}

# METADATA
# title: Personal data is not compared or sorted by
# description: >-
#   A comparison, a join or an order tells a value bit by bit, mask or no mask. Equality with a parameter or a constant
#   stays: one finds the row that one knows. Grouping and DISTINCT stay too, though whoever groups by an expression
#   learns which rows fall together; a rule of one's own can deny those uses as well.
deny contains {
	"rule": concat("", ["pii-", use]),
	"message": concat("", [sql.column_name(column), " is masked and can't be ", pii_tells[use]]),
	"remedy": "compare with = and a whole value, or use another column",
} if {
	pii
	some statement in input.command.statements
	some column in statement.columns
	some use in column.use
	pii_tells[use]
	not pii_known(use, column.equality_only)
	pii_listed(column)
}

# METADATA
# description: The uses of a column that tell its values, each as a message puts it.
pii_tells := {
	"predicate": "compared, but for equality with a constant or parameter",
	"join": "joined on",
	"order": "sorted by",
}

# METADATA
# description: A comparison that tells no more than whoever asks knows already.
pii_known("predicate", true)

# METADATA
# title: Personal data is not stored under another name
# description: >-
#   A value that flows into another column or table has left its mask behind: SET note = email, INSERT ... SELECT,
#   CREATE TABLE AS, materialised views. Writing values from outside into a masked column is another matter.
deny contains {
	"rule": "pii-stored",
	"message": concat("", [sql.column_name(column), " is masked and can't be copied into other columns or tables"]),
	"remedy": "leave the column out, or create a view, which keeps the mask",
} if {
	pii
	some statement in input.command.statements
	some column in statement.columns
	column.stored
	pii_listed(column)
}

# METADATA
# description: True for a listed column, by its name, its table's or its own in any table, and for any if all are listed.
pii_listed(column) if {
	names := {
		sql.column_name(column),
		concat("", [sql.relation_name({"schema": column.schema, "name": column.table}), ".*"]),
		concat("", ["*.*.", sql.quoted(column.name)]),
		"*.*.*",
	}
	some group in data.sallyport.packs.pii.columns
	some name in group.columns
	split(name, "#>")[0] in names
}

# METADATA
# title: Tables with personal data keep their names
# description: >-
#   The list names tables and columns as they are called now. Under another name, in another schema, or away from its
#   parent a table is not on it.
deny contains {
	"rule": "pii-renamed",
	"message": concat("", [sql.relation_name(relation), " has masked columns and can't be renamed, moved or detached"]),
	"remedy": "have the list of masked columns changed with it, by somebody in data.sallyport.packs.pii.clear_for",
} if {
	pii
	some statement in input.command.statements
	pii_renames(statement)
	some relation in statement.relations
	pii_listed_table(relation)
}

deny contains {
	"rule": "pii-renamed",
	"message": concat("", ["the schema ", statement.details.name, " has tables with masked columns and can't be renamed"]),
	"remedy": "have the list of masked columns changed with it, by somebody in data.sallyport.packs.pii.clear_for",
} if {
	pii
	some statement in input.command.statements
	statement.kind == "rename"
	statement.details.object == "schema"
	some group in data.sallyport.packs.pii.columns
	some name in group.columns
	startswith(name, concat("", [sql.quoted(statement.details.name), "."]))
}

# METADATA
# description: True for a statement after which a relation goes by another name or is nobody's child any more.
pii_renames(statement) if statement.kind == "rename"

pii_renames(statement) if {
	startswith(statement.kind, "alter_")
	endswith(statement.kind, "_schema")
}

pii_renames(statement) if {
	some action in statement.details.actions
	action in {"detach_partition", "drop_inherit"}
}

# METADATA
# description: True for a relation of which a column is listed by the table's own name.
pii_listed_table(relation) if {
	some group in data.sallyport.packs.pii.columns
	some name in group.columns
	startswith(name, concat("", [sql.relation_name(relation), "."]))
}

# METADATA
# title: Personal data and what can't be judged
# description: >-
#   Code that can't be read could copy a masked value or send it. With `safe_defaults` it is denied as it is; without
#   them only who is permitted `unknown` there may run it.
deny contains {
	"rule": "pii-opaque",
	"message": concat("", ["what this does with masked columns can't be judged: ", concat("; ", sql.opaque_reasons)]),
	"remedy": "write the statement so that it names what it does",
} if {
	pii
	not safe_defaults
	"unknown" in sql.strong
	not safe_defaults_permit("unknown")
}

# METADATA
# title: Personal data is not read from where the server keeps it besides
# description: Statistics, other sessions' texts, cursors, large objects and TOAST tables hold values of any column.
deny contains {
	"rule": "pii-catalog",
	"message": concat("", [sql.relation_name(relation), " holds values of masked columns"]),
	"remedy": "ask for a principal in data.sallyport.packs.pii.clear_for",
} if {
	pii
	some statement in input.command.statements
	some relation in statement.relations
	pii_catalog(relation)
}

deny contains {
	"rule": "pii-catalog",
	"message": concat("", [function.name, " returns values of masked columns"]),
	"remedy": "ask for a principal in data.sallyport.packs.pii.clear_for",
} if {
	pii
	some statement in input.command.statements
	some function in statement.functions
	pii_catalog_function(function.name)
	not pii_by_column(function.via)
}

# METADATA
# description: >-
#   True for a function that is called by one of the server's views of sessions, whose column `query` alone holds
#   statements.
pii_by_column(via) if via[count(via) - 1] in pii_session_views

# METADATA
# description: The server's views of sessions.
pii_session_views := {
	"pg_catalog.pg_stat_activity",
	"pg_catalog.pg_stat_gssapi",
	"pg_catalog.pg_stat_replication",
	"pg_catalog.pg_stat_ssl",
}

deny contains {
	"rule": "pii-catalog",
	"message": "pg_catalog.pg_stat_activity.query holds values of masked columns",
	"remedy": "select the other columns",
} if {
	pii
	some statement in input.command.statements
	some column in statement.columns
	column.schema == "pg_catalog"
	column.table == "pg_stat_activity"
	column.name == "query"
}

# METADATA
# description: True for a relation in which the server keeps values of other relations.
pii_catalog(relation) if {
	startswith(relation.name, "pg_")
	relation.name in pii_catalogs
}

pii_catalog(relation) if relation.schema == "pg_toast"

# METADATA
# description: Catalogs and views with values of other relations, or with the texts of statements.
pii_catalogs := {
	"pg_cursors",
	"pg_largeobject",
	"pg_prepared_statements",
	"pg_stat_statements",
	"pg_statistic",
	"pg_statistic_ext_data",
	"pg_stats",
	"pg_stats_ext",
	"pg_stats_ext_exprs",
}

# METADATA
# description: True for a function beneath those views, and for one that reads large objects.
pii_catalog_function(name) if {
	startswith(name, "pg_")
	name in pii_catalog_functions
}

pii_catalog_function("lo_get")

pii_catalog_function("loread")

# METADATA
# description: The functions beneath those views.
pii_catalog_functions := {
	"pg_cursor",
	"pg_prepared_statement",
	"pg_stat_get_activity",
	"pg_stat_get_backend_activity",
	"pg_stat_statements",
}
