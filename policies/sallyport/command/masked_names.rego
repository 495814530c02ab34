# What is refused because of masks, continued: a mask names schema, table and column as they are called now, and under
# another name it would find none of them.
package sallyport.command

import data.sallyport.sql

# METADATA
# title: Masked columns keep their names
# description: Columns, and the tables and schemas that they are in, are not renamed, moved, detached or dropped.
deny contains {
	"rule": "masked-renamed",
	"message": concat("", [name, " is masked, or holds what is, and can't be renamed, moved, detached or dropped"]),
	"remedy": "have the mask changed with it, and permitted: the rule takes `permit: [rename]`",
} if {
	some statement in input.command.statements
	some name in hidden_renamed(hidden_against, statement)
}

# METADATA
# description: What a statement gives another name or place, or takes away, of what masks name.
hidden_renamed(against, statement) := {sql.column_name(column) |
	some relation in statement.relations
	column := {"schema": relation.schema, "table": relation.name, "name": statement.details.name}
	hidden_from(against, "rename", column)
} if {
	statement.kind == "rename"
	statement.details.object == "column"
} else := {statement.details.name |
	some [way, name] in against
	way == "rename"
	startswith(name, concat("", [sql.quoted(statement.details.name), "."]))
} if {
	statement.kind == "rename"
	statement.details.object == "schema"
} else := hidden_tables(against, statement) if {
	statement.kind == "rename"
} else := hidden_tables(against, statement) if {
	startswith(statement.kind, "alter_")
	endswith(statement.kind, "_schema")
} else := hidden_tables(against, statement) if {
	some action in statement.details.actions
	action in {"detach_partition", "drop_inherit"}
} else := {sql.column_name(column) |
	some relation in statement.relations
	some part in statement.details.parts
	column := {"schema": relation.schema, "table": relation.name, "name": part}
	hidden_from(against, "rename", column)
} if {
	"drop_column" in statement.details.actions
}

# METADATA
# description: Of a statement's tables those that a mask names.
hidden_tables(against, statement) := {sql.relation_name(relation) |
	some relation in statement.relations
	some [way, name] in against
	way == "rename"
	some prefix in sql.mask_prefixes(relation)
	startswith(name, prefix)
}
