# What is refused because of masks, continued: what may hold masked values without naming their columns.
package sallyport.command

import data.sallyport.sql

# METADATA
# title: Masked columns and what can't be judged
# description: >-
#   Code that can't be read could copy a masked value or send it. With `safe_defaults` it is denied as it is; without
#   them only who is permitted `unknown` there may run it.
deny contains {
	"rule": "masked-opaque",
	"message": concat("", ["what this does with masked columns can't be judged: ", concat("; ", sql.opaque_reasons)]),
	"remedy": "write the statement so that it names what it does",
} if {
	hiding
	not safe_defaults
	"unknown" in sql.strong
	not safe_defaults_permit("unknown")
}

# METADATA
# title: Masked values are not read from where the server keeps them besides
# description: Statistics, other sessions' texts, cursors, large objects and TOAST tables hold values of any column.
deny contains {
	"rule": "masked-catalog",
	"message": concat("", [sql.relation_name(relation), " holds values of masked columns"]),
	"remedy": "ask for somebody whom no rule masks anything from",
} if {
	hiding
	some statement in input.command.statements
	some relation in statement.relations
	hidden_catalog(relation)
}

deny contains {
	"rule": "masked-catalog",
	"message": concat("", [function.name, " returns values of masked columns"]),
	"remedy": "ask for somebody whom no rule masks anything from",
} if {
	hiding
	some statement in input.command.statements
	some function in statement.functions
	hidden_catalog_function(function.name)
	not hidden_by_column(function.via)
}

# METADATA
# description: >-
#   True for a function that is called by one of the server's views of sessions, whose column `query` alone holds
#   statements.
hidden_by_column(via) if via[count(via) - 1] in hidden_session_views

# METADATA
# description: The server's views of sessions.
hidden_session_views := {
	"pg_catalog.pg_stat_activity",
	"pg_catalog.pg_stat_gssapi",
	"pg_catalog.pg_stat_replication",
	"pg_catalog.pg_stat_ssl",
}

deny contains {
	"rule": "masked-catalog",
	"message": "pg_catalog.pg_stat_activity.query holds values of masked columns",
	"remedy": "select the other columns",
} if {
	hiding
	some statement in input.command.statements
	some column in statement.columns
	column.schema == "pg_catalog"
	column.table == "pg_stat_activity"
	column.name == "query"
}

# METADATA
# description: True for a relation in which the server keeps values of other relations.
hidden_catalog(relation) if {
	startswith(relation.name, "pg_")
	relation.name in hidden_catalogs
}

hidden_catalog(relation) if relation.schema == "pg_toast"

# METADATA
# description: Catalogs and views with values of other relations, or with the texts of statements.
hidden_catalogs := {
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
hidden_catalog_function(name) if {
	startswith(name, "pg_")
	name in hidden_catalog_functions
}

hidden_catalog_function("lo_get")

hidden_catalog_function("loread")

# METADATA
# description: The functions beneath those views.
hidden_catalog_functions := {
	"pg_cursor",
	"pg_prepared_statement",
	"pg_stat_get_activity",
	"pg_stat_get_backend_activity",
	"pg_stat_statements",
}
