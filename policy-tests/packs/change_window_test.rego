package sallyport.packs_test.change_window

import data.fixtures
import data.sallyport.command

on(settings) := {"change_window": object.union({"enabled": true}, settings)}

at(weekday, hour, original) := object.union(original, {"time": {"weekday": weekday, "hour": hour}})

update := fixtures.write("update", {})

# True when the pack denies.
closed(original, settings) if {
	some refusal in command.deny with input as original with data.sallyport.packs as on(settings)
	refusal.rule == "change-window"
}

test_it_is_off_by_default if {
	decision := command.decision with input as at("Sunday", 3, update)
	decision.action == "allow"
}

test_changes_wait_for_the_working_days if {
	not closed(at("Thursday", 3, update), {})
	closed(at("Sunday", 12, update), {})
}

test_reads_do_not_wait if {
	not closed(at("Sunday", 12, fixtures.command({})), {})
}

test_days_and_hours_are_those_of_data if {
	window := {"weekdays": ["Sunday"], "from_hour": 9, "to_hour": 17}
	not closed(at("Sunday", 9, update), window)
	not closed(at("Sunday", 16, update), window)
	closed(at("Sunday", 17, update), window)
	closed(at("Sunday", 8, update), window)
	closed(at("Monday", 12, update), window)
}

test_a_window_may_go_over_midnight if {
	night := {"from_hour": 22, "to_hour": 4}
	not closed(at("Monday", 23, update), night)
	not closed(at("Monday", 3, update), night)
	closed(at("Monday", 4, update), night)
	closed(at("Monday", 12, update), night)
}

test_only_the_effects_that_data_names_wait if {
	not closed(at("Sunday", 12, update), {"effects": ["schema"]})
	closed(at("Sunday", 12, fixtures.command({"effects": ["schema"]})), {"effects": ["schema"]})
}

test_only_connections_with_the_labels_wait if {
	closed(at("Sunday", 12, update), {"labels": {"env": "prod"}})
	not closed(at("Sunday", 12, update), {"labels": {"env": "test"}})
	not closed(at("Sunday", 12, update), {"labels": {"env": "prod", "team": "payments"}})
}

test_an_emergency_does_not_wait if {
	packs := object.union(on({}), {"break_glass": {
		"enabled": true,
		"principals": ["kind:agent"],
		"approvers": ["group:corp/leads"],
	}})
	emergency := object.union(at("Sunday", 12, update), {"session": {"reason": "INC-1"}})
	decision := command.decision with input as emergency with data.sallyport.packs as packs
	decision.action == "allow"
}
