package sallyport.session_test

import data.fixtures
import data.sallyport.session

test_without_any_rule_a_session_is_denied if {
	decision := session.decision with session.allow as set() with input as fixtures.session
	decision == {
		"action": "deny",
		"reasons": [{"rule": "default", "message": "no rule allows this", "remedy": null}],
	}
}

test_an_allow_element_allows if {
	decision := session.decision with session.allow as {{"rule": "a"}} with input as fixtures.session
	decision == {"action": "allow", "reasons": [{"rule": "a", "message": "a", "remedy": null}]}
}

test_a_deny_wins if {
	decision := session.decision with session.allow as {{"rule": "a"}}
		with session.deny as {{"rule": "d", "message": "not now"}}
		with input as fixtures.session
	decision == {"action": "deny", "reasons": [{"rule": "d", "message": "not now", "remedy": null}]}
}
