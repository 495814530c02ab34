# What is refused because of masks, whatever rule asked for them: everything that would tell a masked value past its mask.
# A rule permits some of it for its own columns by `permit` in its element, as in
#
#     mask contains {"rule": "mail", "columns": ["public.customers.email"], "permit": ["equality"]}
#
#     equality    to compare them for equality with a parameter or a constant: one finds the row that one knows
#     predicate   to compare them in any way
#     join        to join on them
#     order       to sort by them
#     compute     to compute of them what fails for some values and not for others
#     store       to copy them into other columns, tables, settings, files, and wherever else they outlive the statement
#     rename      to rename or drop them, and to rename or move their tables and schemas
#
# Of several rules on one column each has to permit it. Masks with detectors refuse nothing. Columns of a partition or
# child count as those of its parents too, and a view's as those of its tables.
#
# What is left to whoever asks again and again: how long a statement took, or that it ran out of room, that a value that
# one writes is there already, and in which order rows come that were grouped by one. LISTEN hears what others send.
package sallyport.command

import data.sallyport.sql

# METADATA
# description: True when some column's values are masked as a whole.
hiding if {
	some element in mask
	hides_whole(element)
}

# METADATA
# description: True for a mask that hides whole values, not only what detectors find in them.
hides_whole(element) if count(object.get(element, "detectors", [])) == 0

# METADATA
# description: What a mask may permit.
hidden_ways := {"equality", "predicate", "join", "order", "compute", "store", "rename"}

# METADATA
# description: Ways to use columns that some mask on them doesn't permit, each with the columns' names as the mask has them.
hidden_against contains [way, sql.mask_name(name)] if {
	some element in mask
	hides_whole(element)
	some way in hidden_ways
	not hidden_permits(element, way)
	some name in element.columns
}

# METADATA
# description: True for what the element says itself; whoever may compare in any way may compare for equality.
hidden_permits(element, way) if way in element.permit

hidden_permits(element, "equality") if "predicate" in element.permit

# METADATA
# description: >-
#   True for a column that a mask covers which doesn't permit that way to use it. (OPA can't plan several rule sets
#   at a time where a function depends on one of them: what masks say is handed in.)
hidden_from(against, way, column) if {
	some name in sql.mask_names(column)
	[way, name] in against
}

# METADATA
# description: The decision has no such field, so that a mistake in it is looked for here.
misunderstood contains misunderstanding("mask", element) if {
	some element in mask
	permit := element.permit
	not hidden_ways_only(permit)
}

# METADATA
# description: True for a list of nothing but such ways.
hidden_ways_only(permit) if {
	is_array(permit)
	every way in permit {
		way in hidden_ways
	}
}

# METADATA
# title: Masked columns are not compared, sorted by, or computed with in ways that may fail
# description: >-
#   A comparison, a join or an order tells a value bit by bit, mask or no mask; so does whether a computation failed. Grouping and DISTINCT stay, though whoever
#   groups learns which rows fall together; a rule of one's own can deny those uses as well.
deny contains {
	"rule": concat("", ["masked-", use]),
	"message": concat("", [sql.column_name(column), " is masked and can't be ", hidden_tells[way]]),
	"remedy": concat("", ["use another column, or permit it: the rule that masks the column takes `permit: [", way, "]`"]),
} if {
	some statement in input.command.statements
	some column in statement.columns
	some use in column.use
	not hidden_tells_nothing(use, column.null_only)
	way := hidden_way(use, column.equality_only)
	hidden_from(hidden_against, way, column)
}

# METADATA
# description: What comes back masked tells whether it is NULL as well.
hidden_tells_nothing("predicate", true)

# METADATA
# description: What has to be permitted for a use that tells a column's values.
hidden_way("predicate", true) := "equality"

hidden_way("predicate", false) := "predicate"

hidden_way("join", _) := "join"

hidden_way("order", _) := "order"

hidden_way("computed", _) := "compute"

# METADATA
# description: Those uses, each as a message puts it.
hidden_tells := {
	"equality": "compared, not for equality either",
	"predicate": "compared",
	"join": "joined on",
	"order": "sorted by",
	"compute": "computed with in a way that fails for some values: whether it failed would tell of them",
}

# METADATA
# title: Masked values are not stored under another name
# description: >-
#   A value that flows into another column or table has left its mask behind: SET note = email, INSERT ... SELECT,
#   CREATE TABLE AS, materialised views; so has one that flows into a setting, a file, a notification, the key of a lock.
#   Writing values from outside into a masked column is another matter.
deny contains {
	"rule": "masked-stored",
	"message": concat("", [sql.column_name(column), " is masked and can't be copied to where it outlives the statement"]),
	"remedy": "leave the column out, create a view, which keeps the mask, or permit it: the rule that masks the column takes `permit: [store]`",
} if {
	some statement in input.command.statements
	some column in statement.columns
	column.stored == true
	hidden_from(hidden_against, "store", column)
}
