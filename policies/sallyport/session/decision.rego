# METADATA
# title: Decisions about sessions
# description: |-
#   Policies add elements to these sets; `decision` combines them. An element is an object with the name of its rule,
#   and what it leaves out is filled in:
#     allow  {rule, message, remedy}: permits it if nothing denies it
#     deny   {rule, message, remedy}: refuses it whatever else is said
# schemas:
#   - input: schema.session.input
#   - data.sallyport.packs: schema.packs
package sallyport.session

import data.sallyport.elements

# METADATA
# title: sallyport/session/decision
# description: "Any `deny` wins; else it is allowed if something allows it; else it is denied. The question: may this principal open a session on this connection?"
# entrypoint: true
decision := {"action": "deny", "reasons": sort([elements.reason(element) | some element in deny])} if {
	count(deny) > 0
} else := {"action": "allow", "reasons": sort([elements.reason(element) | some element in allow])} if {
	count(allow) > 0
} else := {"action": "deny", "reasons": [{"rule": "default", "message": "no rule allows this", "remedy": null}]}
