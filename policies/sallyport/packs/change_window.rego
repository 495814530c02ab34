# Off unless `data.sallyport.packs.change_window.enabled` is true: changes only at certain hours. Times are those of
# `input.time`, which is UTC; a window may go over midnight (from_hour 22, to_hour 4).
#
#     change_window:
#       enabled: true
#       labels: {env: prod}                  # connections that have all of these; every connection if absent
#       effects: [schema, privilege]         # write, schema, privilege and maintenance if absent
#       weekdays: [Tuesday, Wednesday]       # Monday to Friday if absent
#       from_hour: 9                         # 0 if absent
#       to_hour: 17                          # the first hour that is outside; 24 if absent
package sallyport.command

import data.sallyport.break_glass
import data.sallyport.sql
import data.sallyport.time

# METADATA
# title: Changes within hours
# description: Not in an emergency that the pack break_glass covers.
deny contains {
	"rule": "change-window",
	"message": "changes are made in the change window only",
	"remedy": "wait for the window, or break the glass in an emergency",
} if {
	data.sallyport.packs.change_window.enabled
	change_window_watches
	every name, value in object.get(data.sallyport.packs.change_window, "labels", {}) {
		input.connection.labels[name] == value
	}
	not change_window_open
	not break_glass.active
}

# METADATA
# description: True when the command has an effect that waits for the window.
change_window_watches if {
	some effect in object.get(
		data.sallyport.packs.change_window, "effects",
		["write", "schema", "privilege", "maintenance", "execute", "unknown"],
	)
	effect in sql.effects
}

# METADATA
# description: True on the window's days within its hours.
change_window_open if time.within(object.union(
	{"weekdays": time.workdays},
	data.sallyport.packs.change_window,
))
