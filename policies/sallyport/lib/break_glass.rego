# METADATA
# title: Break glass
# description: >-
#   Whether the session is an emergency, and what that permits. The pack `break_glass` says what it costs.
# schemas:
#   - input: schema.command.input
#   - data.sallyport.packs: schema.packs
package sallyport.break_glass

import data.sallyport.principal

# METADATA
# description: >-
#   True for a listed principal whose session states a reason that begins as the pack wants it (`INC-`).
active if {
	data.sallyport.packs.break_glass.enabled
	startswith(input.session.reason, object.get(data.sallyport.packs.break_glass, "reason_prefix", "INC-"))
	principal.is_any(data.sallyport.packs.break_glass.principals)
}

# METADATA
# description: True for an effect that an emergency permits; `schema` and `maintenance` where data names none.
permits(effect) if {
	active
	effect in object.get(data.sallyport.packs.break_glass, "effects", ["schema", "maintenance"])
}
