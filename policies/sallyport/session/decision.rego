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
