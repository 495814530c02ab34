package sallyport.packs_test.admin

import data.fixtures
import data.sallyport.admin

person(groups) := object.union(fixtures.dba, {"groups": groups})

own := "https://id.example|dana"

may(principal, action, owner) if {
	decision := admin.decision with input as fixtures.admin(principal, action, owner)
	decision.action == "allow"
}

test_admins_may_do_everything if {
	every action in ["bundle:push", "sessions:kill", "approvals:approve", "audit:read"] {
		may(person(["admins"]), action, null)
	}
}

test_approvers_see_and_answer_approvals_and_no_more if {
	every action in ["approvals:list", "approvals:read", "approvals:approve", "approvals:deny"] {
		may(person(["approvers"]), action, "static|agent-7")
	}
	every action in ["sessions:read", "sessions:kill", "bundle:push", "tokens:list", "audit:read"] {
		not may(person(["approvers"]), action, "static|agent-7")
	}
}

test_auditors_read if {
	every action in ["sessions:list", "sessions:replay", "audit:read", "policy:explain"] {
		may(person(["auditors"]), action, "static|agent-7")
	}
	not may(person(["auditors"]), "sessions:kill", "static|agent-7")
	not may(person(["auditors"]), "approvals:approve", "static|agent-7")
}

test_gateways_fetch_bundles_and_report if {
	gateway := object.union(fixtures.agent, {"kind": "service", "groups": ["gateways"]})
	every action in ["bundle:read", "status:report"] {
		may(gateway, action, null)
		not may(person(["gateways"]), action, null)
	}
	every action in ["bundle:push", "bundle:promote", "tokens:create", "sessions:list"] {
		not may(gateway, action, null)
	}
}

test_an_agent_in_a_group_of_such_a_name_is_none_of_them if {
	every group in ["admins", "approvers", "auditors"] {
		not may(object.union(fixtures.agent, {"groups": [group]}), "approvals:approve", null)
		not may(object.union(fixtures.agent, {"groups": [group]}), "sessions:replay", null)
	}
}

test_everybody_sees_and_ends_their_own if {
	every action in ["sessions:list", "sessions:read", "sessions:kill", "approvals:read", "tokens:list", "tokens:revoke", "identity:whoami"] {
		may(person([]), action, own)
		not may(person([]), action, "https://id.example|eve")
		not may(person([]), action, null)
	}
}

test_nobody_answers_approvals_by_owning_them if {
	not may(person([]), "approvals:approve", own)
	not may(person([]), "approvals:deny", own)
}

test_people_make_tokens_for_themselves_and_agents_do_not if {
	may(person([]), "tokens:create", own)
	not may(person([]), "tokens:create", "https://id.example|eve")
	not may(fixtures.agent, "tokens:create", "static|agent-7")
}

test_everybody_lists_connections_and_reads_the_api if {
	may(fixtures.agent, "connections:list", null)
	may(fixtures.agent, "api:read", null)
	not may(fixtures.agent, "connections:test", null)
}

test_data_adds_roles_and_changes_fields_of_those_that_are_there if {
	roles := {
		"deployers": {"principals": ["user:ci/deployer"], "actions": ["bundle:push"], "kinds": ["service"]},
		"approvers": {"principals": ["group:corp/dba"]},
		"watchers": {"principals": ["kind:agent"], "actions": ["sessions:*"]},
	}
	deployer := object.union(fixtures.agent, {"provider": "ci", "subject": "deployer", "kind": "service"})
	may(deployer, "bundle:push", null) with data.sallyport.packs.admin.roles as roles
	may(person(["dba"]), "approvals:approve", null) with data.sallyport.packs.admin.roles as roles
	not may(person(["approvers"]), "approvals:approve", null) with data.sallyport.packs.admin.roles as roles
	may(fixtures.agent, "sessions:read", null) with data.sallyport.packs.admin.roles as roles
	may(person(["admins"]), "bundle:push", null) with data.sallyport.packs.admin.roles as roles
}

test_turned_off_nobody_may_anything_without_a_rule if {
	off := {"enabled": false}
	not may(person(["admins"]), "bundle:push", null) with data.sallyport.packs.admin as off
	not may(person([]), "sessions:read", own) with data.sallyport.packs.admin as off
	not may(person([]), "tokens:create", own) with data.sallyport.packs.admin as off
	not may(person([]), "connections:list", null) with data.sallyport.packs.admin as off
}

test_values_behind_tokens_are_for_whom_data_names_and_not_for_admins if {
	not may(person(["admins"]), "values:reveal", null)
	workers := {"workers": {"principals": ["group:corp/cases"], "actions": ["values:reveal"]}}
	decision := admin.decision with input as fixtures.admin(person(["cases"]), "values:reveal", null)
		with data.sallyport.packs.admin.roles as workers
	decision.action == "allow"
}
