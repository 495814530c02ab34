# Row filters: on when `data.sallyport.packs.filters.rows` lists some, unless `enabled` is false. Of the listed relations
# only rows for which the condition holds are read and changed.
#
#     filters:
#       rows:
#         - {relation: public.orders, predicate: "region = 'eu'", except: [group:corp/emea]}
package sallyport.command

import data.sallyport.principal

# METADATA
# title: Rows that are held back
# description: The condition is SQL on the relation's own columns; the gateway adds it at every reference.
filter contains {"rule": "filters", "relation": row.relation, "predicate": row.predicate} if {
	not data.sallyport.packs.filters.enabled == false
	some row in data.sallyport.packs.filters.rows
	not filters_except(row)
}

# METADATA
# description: True where the principal sees all rows of a listed relation.
filters_except(row) if principal.is_any(row.except)
