# Whoever `data.sallyport.packs.suspended.principals` names is shut out: of sessions, of commands in those that are
# open, and of the control plane. For an account that may be in the wrong hands.
#
#     suspended:
#       principals: [user:corp/mallory, user:ci/runner-9]
package sallyport.admin

import data.sallyport.principal

# METADATA
# title: Suspended principals (the control plane)
# description: Nothing lifts it but the data; nothing is answered in the control plane, one's own included.
deny contains {
	"rule": "suspended",
	"message": "this principal is suspended",
	"remedy": "ask the security team",
} if {
	principal.is_any(data.sallyport.packs.suspended.principals)
}
