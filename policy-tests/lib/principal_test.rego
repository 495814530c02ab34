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

test_groups_and_users_are_asked_for_by_provider if {
	principal.in_group("static/agents") with input as fixtures.session
	principal.in_group("*/agents") with input as fixtures.session
	not principal.in_group("agents") with input as fixtures.session
	not principal.in_group("corp/agents") with input as fixtures.session
	principal.is_user("static/agent-7") with input as fixtures.session
	not principal.is_user("agent-7") with input as fixtures.session
}

test_a_principal_is_of_one_kind if {
	principal.is_agent with input as fixtures.session
	not principal.is_human with input as fixtures.session
	not principal.is_service with input as fixtures.session
	principal.is_human with input as fixtures.by(fixtures.dba, fixtures.session)
	principal.is_service with input as fixtures.by(object.union(fixtures.agent, {"kind": "service"}), fixtures.session)
}

test_somebody_may_act_for_somebody_else if {
	not principal.on_behalf with input as fixtures.session
	acting := object.union(fixtures.agent, {"on_behalf_of": {"subject": "dana"}})
	principal.on_behalf with input as fixtures.by(acting, fixtures.session)
}
