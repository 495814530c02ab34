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
# description: The name of an element of `columns`, as masks and data spell it.
column_name(column) := concat(".", [quoted(column.schema), quoted(column.table), quoted(column.name)])

# METADATA
# description: A part of a name, in double quotes where it holds a dot or a quote.
quoted(part) := part if {
	not contains(part, ".")
	not contains(part, `"`)
} else := concat("", [`"`, replace(part, `"`, `""`), `"`])
