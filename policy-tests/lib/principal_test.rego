package sallyport.principal_test

import data.fixtures
import data.sallyport.principal

test_a_principal_is_named_by_kind_subject_and_groups if {
	names := principal.names with input as fixtures.session
	names == {"anyone", "kind:agent", "user:static/agent-7", "group:static/agents", "group:*/agents"}
}

test_a_provider_with_a_slash_names_no_user_and_no_group if {
	names := principal.names with input as fixtures.by(
		object.union(fixtures.agent, {"provider": "corp/x"}),
		fixtures.session,
	)
	names == {"anyone", "kind:agent", "group:*/agents"}
}

test_one_matching_pattern_is_enough if {
	principal.is_any(["group:corp/dba", "kind:agent"]) with input as fixtures.session
	not principal.is_any(["group:corp/dba", "kind:human"]) with input as fixtures.session
	not principal.is_any([]) with input as fixtures.session
}
