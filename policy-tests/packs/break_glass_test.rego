package sallyport.packs_test.break_glass

import data.fixtures
import data.sallyport.command

packs := {"break_glass": {"enabled": true, "principals": ["group:corp/dba"], "approvers": ["group:corp/leads"]}}

drop := fixtures.command({"kind": "drop_table", "effects": ["schema"], "effect": "schema"})

# The same command by the DBA in a session with that reason.
emergency(original, reason) := object.union(fixtures.by(fixtures.dba, original), {"session": {"reason": reason}})

decide(original, settings) := decision if {
	decision := command.decision with input as original with data.sallyport.packs as object.union(packs, settings)
}

test_an_emergency_asks_somebody_else if {
	decision := decide(emergency(drop, "INC-1234 disk full"), {})
	decision.action == "require_approval"
	decision.approvals == [{
		"rule": "break-glass",
		"approvers": ["group:corp/leads"],
		"min": 1,
		"expires": "1h",
		"scope": "session",
	}]
	decision.reasons[0].message == "emergency: INC-1234 disk full"
}

test_an_emergency_is_recorded_in_full if {
	decide(emergency(drop, "INC-1234"), {}).record == "full"
	decide(emergency(fixtures.command({}), "INC-1234"), {}).record == "full"
}

test_what_is_permitted_anyway_asks_nobody if {
	decide(emergency(fixtures.command({}), "INC-1234"), {}).action == "allow"
	decide(emergency(drop, "INC-1234"), {"safe_defaults": {"permit": {"schema": ["group:corp/dba"]}}}).action == "allow"
}

test_without_the_reason_there_is_no_emergency if {
	decide(emergency(drop, "just so"), {}).action == "deny"
	decide(emergency(drop, "CHG-1"), {"break_glass": {"reason_prefix": "CHG-"}}).action == "require_approval"
}

test_for_others_there_is_none_either if {
	decide(object.union(drop, {"session": {"reason": "INC-1234"}}), {}).action == "deny"
}

test_only_the_effects_that_data_names_are_permitted if {
	grant := emergency(fixtures.command({"effects": ["privilege"]}), "INC-1")
	decide(grant, {}).action == "deny"
	decide(grant, {"break_glass": {"effects": ["privilege"]}}).action == "require_approval"
}

test_it_is_off_by_default if {
	decision := command.decision with input as emergency(drop, "INC-1234")
	decision.action == "deny"
}
