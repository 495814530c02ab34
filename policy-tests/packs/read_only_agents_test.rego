package sallyport.packs_test.read_only_agents

import data.fixtures
import data.sallyport.command

on := {"read_only_agents": {"enabled": true, "except": ["user:ci/loader"]}}

rules(original) := {reason.rule | some reason in decision.reasons} if {
	decision := command.decision with input as original with data.sallyport.packs as on
}

test_agents_read if {
	rules(fixtures.command({})) == {"safe-defaults"}
	rules(fixtures.command({"effects": ["session"]})) == {"safe-defaults"}
}

test_agents_do_not_write_or_lock if {
	rules(fixtures.write("insert", {})) == {"read-only-agents"}
	rules(fixtures.command({"effects": ["read", "lock"]})) == {"read-only-agents"}
}

test_people_write if {
	rules(fixtures.by(fixtures.dba, fixtures.write("insert", {}))) == {"safe-defaults"}
}

test_an_excepted_agent_writes if {
	loader := object.union(fixtures.agent, {"provider": "ci", "subject": "loader"})
	rules(fixtures.by(loader, fixtures.write("insert", {}))) == {"safe-defaults"}
}

test_it_is_off_by_default if {
	decision := command.decision with input as fixtures.write("insert", {})
	decision.action == "allow"
}
