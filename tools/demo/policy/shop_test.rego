package shop_test

import data.sallyport.command

read(kind, relation) := {
	"principal": {"kind": kind, "subject": "a", "provider": "static", "groups": []},
	"connection": {"name": "shop", "type": "postgres", "labels": {"env": "demo"}},
	"session": {"reason": ""},
	"approvals": [],
	"command": {
		"type": "sql",
		"parameters": [],
		"writes": [],
		"statements": [{
			"kind": "select",
			"effects": ["read"],
			"relations": [{"schema": "public", "name": relation, "access": ["select"]}],
			"columns": [],
			"functions": [],
			"details": {},
			"opaque": false,
			"opaque_reasons": [],
		}],
	},
}

test_agents_read_a_bounded_number_of_rows if {
	decision := command.decision with input as read("agent", "orders")
	decision.action == "allow"
	decision.limits.max_rows == 1000
}

test_people_are_not_bounded if {
	decision := command.decision with input as read("human", "orders")
	decision.limits.max_rows == null
}

test_everything_is_recorded_in_full if {
	decision := command.decision with input as read("agent", "orders")
	decision.record == "full"
}
