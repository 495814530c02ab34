package sallyport.admin_test

import data.fixtures
import data.sallyport.admin

test_without_any_rule_an_action_is_denied if {
	decision := admin.decision with admin.allow as set() with input as fixtures.admin(fixtures.agent, "sessions:list", null)
	decision == {
		"action": "deny",
		"reasons": [{"rule": "default", "message": "no rule allows this", "remedy": null}],
	}
}

test_an_allow_element_allows if {
	decision := admin.decision with admin.allow as {{"rule": "a"}} with input as fixtures.admin(fixtures.agent, "sessions:list", null)
	decision == {"action": "allow", "reasons": [{"rule": "a", "message": "a", "remedy": null}]}
}

test_a_deny_wins if {
	decision := admin.decision with admin.allow as {{"rule": "a"}}
		with admin.deny as {{"rule": "d", "message": "not now"}}
		with input as fixtures.admin(fixtures.agent, "sessions:list", null)
	decision == {"action": "deny", "reasons": [{"rule": "d", "message": "not now", "remedy": null}]}
}
