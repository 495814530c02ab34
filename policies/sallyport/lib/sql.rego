# METADATA
# title: SQL
# description: >-
#   What a command's statements do, taken together. A statement's effects, relations, columns and functions hold
#   those of everything nested in it, so nothing here looks into `nested`.
# schemas:
#   - input: schema.command.input
#   - data.sallyport.packs: schema.packs
package sallyport.sql

# METADATA
# description: >-
#   Everything that the command does. What can't be judged does `unknown`; making a temporary table does `temporary`,
#   which is not one of the analysis's own effects.
effects contains effect if {
	some statement in input.command.statements
	some effect in statement.effects
	not own_session(statement, effect)
}

effects contains "unknown" if {
	some statement in input.command.statements
	statement.opaque
}

effects contains "temporary" if {
	some statement in input.command.statements
	temporary(statement)
}

# METADATA
# description: >-
#   True for an effect that concerns nobody but the session itself: DISCARD drops its temporary objects, and going back
#   to its own role gives it no other.
own_session(statement, "schema") if statement.kind == "discard"

own_session(statement, "schema") if temporary(statement)

own_session(statement, "privilege") if {
	statement.kind in {"set_role", "set_session_authorization", "reset"}
	statement.details.name in {"role", "session_authorization"}
	statement.details.value in {null, "none"}
}

# METADATA
# description: True for what makes a temporary table or view and changes no other schema on the way.
temporary(statement) if {
	statement.details.temporary == true
	every inner in statement.nested {
		not "schema" in inner.effects
	}
}

# METADATA
# description: Effects that a client of a database has every day.
everyday := {"read", "session", "transaction", "lock", "write"}

# METADATA
# description: Effects beyond those, which somebody has to be given.
strong := effects - everyday

# METADATA
# description: Why the command, or a part of it, can't be judged.
opaque_reasons contains reason if {
	some statement in input.command.statements
	some reason in statement.opaque_reasons
}

# METADATA
# description: >-
#   True when the command reaches the relation, named as `schema.relation`: itself, through a view or a function, or by
#   the own name of one of its partitions or children.
touches(name) if reaches(name)

touches(name) if name in parents

# METADATA
# description: True when the relation is among those that the command names, views unfolded.
reaches(name) if {
	some statement in input.command.statements
	some relation in statement.relations
	relation_name(relation) == name
}

# METADATA
# description: >-
#   Tables whose partitions or children the command reaches without naming them: a child's columns are listed as those
#   of its parents too, the parent itself is not among the relations.
parents contains name if {
	some statement in input.command.statements
	some column in statement.columns
	name := relation_name({"schema": column.schema, "name": column.table})
	not reaches(name)
}

# METADATA
# description: The name of an element of `relations`, as masks and data spell it.
relation_name(relation) := concat(".", [quoted(relation.schema), quoted(relation.name)])

# METADATA
# description: A text as a SQL literal, for the predicates of filters that hold a principal's own values.
literal(text) := concat("", ["'", replace(text, "'", "''"), "'"])

# METADATA
# description: The name of an element of `columns`, as masks and data spell it.
column_name(column) := concat(".", [quoted(column.schema), quoted(column.table), quoted(column.name)])

# METADATA
# description: The names, with `*` for a part or not, by which a mask may cover an element of `columns`.
mask_names(column) := {concat(".", [schema, table, name]) |
	some schema in [quoted(column.schema), "*"]
	some table in [quoted(column.table), "*"]
	some name in [quoted(column.name), "*"]
}

# METADATA
# description: How the names begin by which a mask says in which relation, or in which schema's, its column is.
mask_prefixes(relation) := {
	concat("", [quoted(relation.schema), ".", quoted(relation.name), "."]),
	concat("", ["*.", quoted(relation.name), "."]),
	concat("", [quoted(relation.schema), ".*."]),
}

# METADATA
# description: >-
#   A mask's name of a column as `mask_names` has it, without a path into the value and needless quotes
#   (a column that is called `*` is taken for all of them, which refuses more than it has to).
mask_name("*") := "*.*.*"

mask_name(text) := text if {
	text != "*"
	not contains(text, `"`)
	not endswith(text, "}")
}

mask_name(text) := concat(".", [quoted(unquoted(part)) | some part in regex.find_n(`"(?:[^"]|"")+"|[^".]+`, mask_path_left(text), -1)]) if {
	contains(text, `"`)
}

mask_name(text) := mask_path_left(text) if {
	not contains(text, `"`)
	endswith(text, "}")
}

# METADATA
# description: The name without the path into a JSON value behind it.
mask_path_left(text) := regex.split(`#>>?\{`, text)[0] if endswith(text, "}")

mask_path_left(text) := text if not endswith(text, "}")

# METADATA
# description: What stands in double quotes; anything else as it is.
unquoted(part) := part if not startswith(part, `"`)

unquoted(part) := replace(substring(part, 1, count(part) - 2), `""`, `"`) if startswith(part, `"`)

# METADATA
# description: A part of a name, in double quotes where it holds a dot or a quote.
quoted(part) := part if {
	not contains(part, ".")
	not contains(part, `"`)
} else := concat("", [`"`, replace(part, `"`, `""`), `"`])

# METADATA
# description: "Every write of the command, however deep: `relation`, `op`, `has_where`, `where_is_constant`."
writes contains write if some write in input.command.writes

# METADATA
# description: True when the command writes to the relation, named as `schema.relation`.
writes_to(name) if {
	some write in input.command.writes
	write.relation == name
}

# METADATA
# description: True when rows of the relation are read, by the command itself or by what it runs.
reads(name) if {
	some statement in input.command.statements
	some relation in statement.relations
	relation_name(relation) == name
	"select" in relation.access
}

# METADATA
# description: True for an UPDATE or DELETE that names no rows, and for any write whose condition is constant.
unbounded(write) if {
	not write.has_where
	write.op in {"update", "delete"}
}

unbounded(write) if write.where_is_constant

# METADATA
# description: True when a DELETE of the command names no rows, or all of them.
unbounded_delete if {
	some write in input.command.writes
	write.op == "delete"
	unbounded(write)
}

# METADATA
# description: True when an UPDATE of the command names no rows, or all of them.
unbounded_update if {
	some write in input.command.writes
	write.op == "update"
	unbounded(write)
}

# METADATA
# description: "True when the command has the effect: `read`, `write`, `schema`, `privilege`, `execute` ..."
does(effect) if effect in effects

# METADATA
# description: "True when a statement of the command, or one nested in it, is of the kind: `copy`, `drop_table` ..."
is_a(kind) if kind in kinds

# METADATA
# description: The kinds of all statements, the nested ones included. It looks everywhere, which costs accordingly.
kinds contains kind if {
	some statement in input.command.statements
	walk(statement, [path, kind])
	path[count(path) - 1] == "kind"
	count({step | some step in path; is_string(step)} - {"nested", "kind"}) == 0
}

# METADATA
# description: True when the command calls the function, named without its schema, itself or by what it runs.
calls(name) if {
	some statement in input.command.statements
	some function in statement.functions
	function.name == name
}

# METADATA
# description: True when the column, named as `schema.table.column`, reaches what the command returns.
returns(name) if {
	some statement in input.command.statements
	some column in statement.columns
	"output" in column.use
	column_name(column) == name
}

# METADATA
# description: True when something of the command can't be judged.
opaque if "unknown" in effects
