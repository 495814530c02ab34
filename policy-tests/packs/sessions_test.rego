package sallyport.packs_test.sessions

import data.fixtures
import data.sallyport.session

allowed(original, settings) if {
	decision := session.decision with input as original with data.sallyport.packs.sessions as settings
	decision.action == "allow"
}

test_whoever_is_authenticated_may_open_a_session if {
	decision := session.decision with input as fixtures.session
	decision.action == "allow"
}

test_data_names_those_who_may if {
	not allowed(fixtures.session, {"principals": ["kind:human"]})
	allowed(fixtures.by(fixtures.dba, fixtures.session), {"principals": ["kind:human"]})
	not allowed(fixtures.session, {"principals": []})
}

test_a_connection_may_have_a_list_of_its_own if {
	settings := {"principals": ["anyone"], "connections": {"orders": ["group:corp/dba"]}}
	not allowed(fixtures.session, settings)
	allowed(fixtures.by(fixtures.dba, fixtures.session), settings)
	allowed(object.union(fixtures.session, {"connection": {"name": "other"}}), settings)
}

test_turned_off_nobody_may_without_a_rule if {
	not allowed(fixtures.session, {"enabled": false})
}
