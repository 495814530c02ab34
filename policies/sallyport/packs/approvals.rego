# Writes that wait for somebody: on when `data.sallyport.packs.approvals.require` lists some, unless `enabled` is
# false. A write to one of `relations` (`schema.relation`, or `*` for all) by one of `ops` is held, by whatever way it
# gets there: views, rules, cascades, a partition's or child's own name.
#
#     approvals:
#       require:
#         - rule: bulk-orders
#           relations: [public.orders]
#           ops: [update, delete]
#           approvers: [group:corp/dba]
#           min: 1
#           expires: 15m
#           scope: command                   # or session: this rule, this session, until `expires`
#           message: changes to orders are looked at by the database team
package sallyport.command

import data.sallyport.sql

# METADATA
# title: Listed writes are approved
# description: One requirement for each entry that the command's writes meet.
require_approval contains object.union(
	{"rule": "approvals"},
	object.remove(requirement, ["relations", "ops"]),
) if {
	not data.sallyport.packs.approvals.enabled == false
	some write in input.command.writes
	some requirement in data.sallyport.packs.approvals.require
	write.op in requirement.ops
	approvals_covers(requirement.relations, write)
}

# METADATA
# description: >-
#   True when what is written to is listed, or all is, or a parent of it: one that is written to as well, by the own name
#   of its partition or child, or one whose child is reached in another way.
approvals_covers(relations, write) if write.relation in relations

approvals_covers(relations, _) if "*" in relations

approvals_covers(relations, write) if {
	some statement in input.command.statements
	some relation in statement.relations
	write.op in relation.access
	sql.relation_name(relation) in relations
}

approvals_covers(relations, _) if {
	some parent in sql.parents
	parent in relations
}
