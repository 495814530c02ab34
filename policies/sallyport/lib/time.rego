# METADATA
# title: Time
# description: >-
#   When it is asked, in UTC, as `input.time` has it. A file that imports this package can't call OPA's own `time.*`
#   builtins by their names; import it under another name there.
# schemas:
#   - input: schema.session.input
#   - data.sallyport.packs: schema.packs
package sallyport.time

# METADATA
# description: >-
#   True within a window `{"weekdays": [...], "from_hour": 9, "to_hour": 17}`: on those days (all where none are
#   named), from the first hour (0) until just before the second (24), over midnight where the second is the smaller.
within(window) if {
	input.time.weekday in object.get(window, "weekdays", weekdays)
	within_hours(object.get(window, "from_hour", 0), object.get(window, "to_hour", 24))
}

# METADATA
# description: True from the first hour until just before the second, over midnight where the second is the smaller.
within_hours(from, to) if {
	from < to
	input.time.hour >= from
	input.time.hour < to
}

within_hours(from, to) if {
	from > to
	input.time.hour >= from
}

within_hours(from, to) if {
	from > to
	input.time.hour < to
}

# METADATA
# description: Every day, by its name.
weekdays := {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

# METADATA
# description: Monday to Friday, as a window's `weekdays`.
workdays := {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"}
