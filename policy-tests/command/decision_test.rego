package sallyport.command_test

import data.fixtures
import data.sallyport.command

# Rules of a policy are stood in for by replacing the rule sets.

element := {"rule": "r", "message": "m", "remedy": "do"}

hold := {"rule": "bulk", "approvers": ["group:corp/dba"]}

requirement := {"rule": "bulk", "approvers": ["group:corp/dba"], "min": 1, "expires": "15m", "scope": "command"}

granted := [{
	"id": "a1",
	"requirement": requirement,
	"scope": "command",
	"approved_by": [],
	"approved_at": "",
	"expires_at": "",
}]

test_without_any_rule_a_command_is_denied if {
	decision := command.decision with command.allow as set() with input as fixtures.command({})
	decision.action == "deny"
	decision.reasons == [{"rule": "default", "message": "no rule allows this command", "remedy": null}]
}

test_an_allow_element_allows_and_is_the_reason if {
	decision := command.decision with command.allow as {element} with input as fixtures.command({})
	decision.action == "allow"
	decision.reasons == [element]
}

test_a_deny_wins_over_allow_and_over_a_granted_approval if {
	decision := command.decision with command.allow as {element}
		with command.deny as {{"rule": "no"}}
		with command.require_approval as {hold}
		with input as object.union(fixtures.command({}), {"approvals": granted})
	decision.action == "deny"
	decision.reasons == [{"rule": "no", "message": "no", "remedy": null}]
}

test_an_approval_that_is_not_granted_holds_the_command if {
	decision := command.decision with command.allow as {element}
		with command.require_approval as {object.union(hold, {"message": "big", "remedy": "wait"})}
		with input as fixtures.command({})
	decision.action == "require_approval"
	decision.approvals == [requirement]
	decision.reasons == [{"rule": "bulk", "message": "big", "remedy": "wait"}]
}

test_the_reason_of_a_hold_is_its_rule_where_it_says_no_more if {
	decision := command.decision with command.require_approval as {hold} with input as fixtures.command({})
	decision.reasons == [{"rule": "bulk", "message": "bulk", "remedy": null}]
}

test_a_granted_approval_allows_without_an_allow if {
	decision := command.decision with command.allow as set()
		with command.require_approval as {hold}
		with input as object.union(fixtures.command({}), {"approvals": granted})
	decision.action == "allow"
	decision.reasons == [{"rule": "bulk", "message": "bulk", "remedy": null}]
}

test_a_grant_of_another_requirement_is_none if {
	decision := command.decision with command.allow as {element}
		with command.require_approval as {object.union(hold, {"min": 2})}
		with input as object.union(fixtures.command({}), {"approvals": granted})
	decision.action == "require_approval"
}

test_of_two_requirements_each_is_granted_by_itself if {
	decision := command.decision with command.require_approval as {hold, {"rule": "other", "approvers": ["user:corp/o"]}}
		with input as object.union(fixtures.command({}), {"approvals": granted})
	decision.action == "require_approval"
	count(decision.approvals) == 2
}

test_masks_are_filled_in if {
	decision := command.decision with command.mask as {{"rule": "pii", "columns": ["public.c.email"]}}
		with input as fixtures.command({})
	decision.masks == [{
		"rule": "pii",
		"columns": ["public.c.email"],
		"detectors": [],
		"transform": "redact",
		"keep": 0,
		"keep_first": 0,
		"preserve": false,
		"to": null,
		"zero": false,
	}]
}

test_what_a_mask_says_is_kept if {
	mask := {
		"rule": "pii",
		"columns": ["a.b.c"],
		"detectors": ["card"],
		"transform": "partial",
		"keep": 4,
		"keep_first": 1,
		"preserve": true,
		"to": "month",
		"zero": true,
	}
	decision := command.decision with command.mask as {mask} with input as fixtures.command({})
	decision.masks == [mask]
}

test_misspelt_fields_reach_the_decision_so_that_the_gateway_denies if {
	decision := command.decision with command.mask as {{"rule": "pii", "column": "a.b.c"}, "pii"}
		with command.require_approval as {object.union(hold, {"aprovers": []})}
		with command.allow as {{"rule": "r", "mesage": "m"}}
		with input as fixtures.command({})
	decision.masks[0] == "pii"
	decision.masks[1].column == "a.b.c"
	decision.approvals[0].aprovers == []
}

test_a_misspelt_deny_denies_all_the_same if {
	decision := command.decision with command.deny as {{"mesage": "m"}, "no"} with input as fixtures.command({})
	decision.action == "deny"
	count(decision.reasons) == 2
}

test_without_limits_there_are_none if {
	decision := command.decision with input as fixtures.command({})
	decision.limits == {"max_rows": null, "max_bytes": null, "timeout": null}
}

test_the_smallest_of_each_limit_holds if {
	decision := command.decision with command.limit as {
		{"rule": "a", "max_rows": 100, "timeout": "1m"},
		{"rule": "b", "max_rows": 1000, "timeout": "30s"},
		{"rule": "c", "timeout": null},
	}
		with input as fixtures.command({})
	decision.limits == {"max_rows": 100, "max_bytes": null, "timeout": "30s"}
}

test_durations_are_compared_as_such if {
	shortest("500ms", "2s") == "500ms"
	shortest("90s", "1m") == "1m"
	shortest("1.5h", "95m") == "1.5h"
	shortest("8h", "1d") == "8h"
}

shortest(a, b) := decision.limits.timeout if {
	decision := command.decision with command.limit as {{"rule": "a", "timeout": a}, {"rule": "b", "timeout": b}}
		with input as fixtures.command({})
}

test_a_limit_that_cannot_be_understood_denies if {
	some wrong in [
		"limit",
		{"rule": "l", "max_row": 1},
		{"rule": "l", "max_rows": "1"},
		{"rule": "l", "max_bytes": "1"},
		{"rule": "l", "timeout": "soon"},
		{"rule": "l", "timeout": 30},
	]
	decision := command.decision with command.limit as {wrong}
		with command.allow as {element}
		with input as fixtures.command({})
	decision.action == "deny"
	contains(decision.reasons[0].message, "limit can't be understood")
}

test_every_such_limit_denies if {
	every wrong in [{"rule": "l", "max_row": 1}, {"rule": "l", "max_rows": "1"}, {"rule": "l", "timeout": "30"}] {
		decision := command.decision with command.limit as {wrong}
			with command.allow as {element}
			with input as fixtures.command({})
		decision.action == "deny"
	}
}

test_without_a_record_rule_everything_is_recorded if {
	decision := command.decision with command.record as set() with input as fixtures.command({})
	decision.record == "full"
}

test_the_fullest_record_holds if {
	recorded({"none"}) == "none"
	recorded({"none", "commands"}) == "commands"
	recorded({"none", "commands", "full"}) == "full"
}

recorded(levels) := decision.record if {
	decision := command.decision with command.record as {{"rule": "r", "level": level} | some level in levels}
		with input as fixtures.command({})
}

test_a_record_element_without_a_level_means_full if {
	decision := command.decision with command.record as {{"rule": "r"}, {"rule": "s", "level": "none"}}
		with input as fixtures.command({})
	decision.record == "full"
}

test_a_record_that_cannot_be_understood_denies if {
	every wrong in [{"rule": "r", "level": "all"}, {"rule": "r", "levle": "none"}, {"level": "every"}, "none"] {
		decision := command.decision with command.record as {wrong}
			with command.allow as {element}
			with input as fixtures.command({})
		decision.action == "deny"
		contains(decision.reasons[0].message, "record can't be understood")
	}
}
