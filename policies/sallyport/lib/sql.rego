# METADATA
# title: SQL
# description: >-
#   What a command's statements do, taken together. A statement's effects, relations, columns and functions hold
#   those of everything nested in it, so nothing here looks into `nested`.
# schemas:
#   - input: schema.command.input
package sallyport.sql

# METADATA
# description: Everything that the command does; what can't be judged does `unknown`.
effects contains effect if {
	some statement in input.command.statements
	some effect in statement.effects
}

effects contains "unknown" if {
	some statement in input.command.statements
	statement.opaque
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
# description: True when the command reaches the relation, named as `schema.relation`.
touches(name) if {
	some statement in input.command.statements
	some relation in statement.relations
	relation_name(relation) == name
}

# METADATA
# description: The name of an element of `relations`, as masks and data spell it.
relation_name(relation) := concat(".", [quoted(relation.schema), quoted(relation.name)])

# METADATA
# description: The name of an element of `columns`, as masks and data spell it.
column_name(column) := concat(".", [quoted(column.schema), quoted(column.table), quoted(column.name)])

# METADATA
# description: A part of a name, in double quotes where it holds a dot or a quote.
quoted(part) := part if {
	not contains(part, ".")
	not contains(part, `"`)
} else := concat("", [`"`, replace(part, `"`, `""`), `"`])
