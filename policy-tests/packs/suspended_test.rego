package sallyport.packs_test.suspended

import data.fixtures
import data.sallyport.admin
import data.sallyport.command
import data.sallyport.session

packs := {"suspended": {"principals": ["user:static/agent-7"]}}

test_a_suspended_principal_opens_no_session if {
	decision := session.decision with input as fixtures.session with data.sallyport.packs as packs
	decision.action == "deny"
	decision.reasons[0].rule == "suspended"
}

test_the_next_command_of_an_open_session_is_denied if {
	decision := command.decision with input as fixtures.command({}) with data.sallyport.packs as packs
	decision.action == "deny"
	decision.reasons[0].rule == "suspended"
}

test_nor_is_anything_answered_in_the_control_plane if {
	decision := admin.decision with input as fixtures.admin(fixtures.agent, "connections:list", null)
		with data.sallyport.packs as packs
	decision.action == "deny"
}

test_others_are_not_concerned if {
	decision := session.decision with input as fixtures.by(fixtures.dba, fixtures.session)
		with data.sallyport.packs as packs
	decision.action == "allow"
}
