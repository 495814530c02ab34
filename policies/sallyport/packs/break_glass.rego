# Off unless `data.sallyport.packs.break_glass.enabled` is true. In an emergency the listed people may do what the
# pack's `effects` name, though nothing else permits it: after somebody else has approved, for a stated reason, and
# with everything that they do recorded in full.
#
#     break_glass:
#       enabled: true
#       principals: [group:corp/oncall]
#       approvers: [group:corp/incident-leads]
#       effects: [schema, maintenance]       # these if absent
#       reason_prefix: INC-                  # of the session's reason; this if absent
#       min: 1
#       expires: 1h
#       scope: session
package sallyport.command

import data.sallyport.break_glass
import data.sallyport.principal
import data.sallyport.sql

# METADATA
# title: An emergency is approved by somebody else
# description: Holds what only the emergency permits.
require_approval contains {
	"rule": "break-glass",
	"message": concat("", ["emergency: ", input.session.reason]),
	"approvers": data.sallyport.packs.break_glass.approvers,
	"min": object.get(data.sallyport.packs.break_glass, "min", 1),
	"expires": object.get(data.sallyport.packs.break_glass, "expires", "1h"),
	"scope": object.get(data.sallyport.packs.break_glass, "scope", "session"),
} if {
	some effect in sql.strong
	break_glass.permits(effect)
	not break_glass_spared(effect)
}

# METADATA
# description: True for an effect that the principal was given anyway.
break_glass_spared(effect) if principal.is_any(data.sallyport.packs.safe_defaults.permit[effect])

# METADATA
# title: An emergency is recorded in full
# description: Every command of such a session with its rows, whether it needed the emergency or not.
record contains {"rule": "break-glass", "level": "full"} if break_glass.active
