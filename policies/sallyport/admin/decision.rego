# METADATA
# title: Decisions about the control plane
# description: |-
#   Policies add elements to these sets; `decision` combines them. An element is an object with the name of its rule,
#   and what it leaves out is filled in:
#     allow  {rule, message, remedy}: permits it if nothing denies it
#     deny   {rule, message, remedy}: refuses it whatever else is said
# schemas:
#   - input: schema.admin.input
#   - data.sallyport.packs: schema.packs
package sallyport.admin

import data.sallyport.elements

# METADATA
# title: sallyport/admin/decision
# description: "Any `deny` wins; else it is allowed if something allows it; else it is denied. The question: may this principal do this in the control plane?"
# entrypoint: true
decision := {"action": "deny", "reasons": sort([elements.reason(element) | some element in deny])} if {
	count(deny) > 0
} else := {"action": "allow", "reasons": sort([elements.reason(element) | some element in allow])} if {
	count(allow) > 0
} else := {"action": "deny", "reasons": [{"rule": "default", "message": "no rule allows this", "remedy": null}]}
