package sallyport.packs_test.pii

import data.fixtures
import data.sallyport.command

packs := {"pii": {"columns": [
	{"columns": ["public.customers.email", "public.customers.phone"], "transform": "partial", "keep": 4, "permit": ["equality"]},
	{"columns": ["public.staff.*", "*.*.password"]},
]}}

email(changes) := object.union(fixtures.column("email", ["output"]), changes)

decide(original) := decision if {
	decision := command.decision with input as original with data.sallyport.packs as packs
}

rules(original) := {reason.rule | some reason in decide(original).reasons}

reading(column) := fixtures.command({"columns": [column]})

test_without_listed_columns_nothing_is_masked if {
	decision := command.decision with input as reading(email({}))
	decision.masks == []
}

test_listed_columns_are_masked_for_whoever_reads if {
	decision := decide(reading(email({})))
	decision.action == "allow"
	decision.masks == [
		{
			"rule": "pii",
			"columns": ["public.customers.email", "public.customers.phone"],
			"detectors": [],
			"transform": "partial",
			"keep": 4,
			"keep_first": 0,
			"preserve": false,
			"to": null,
			"zero": false,
		},
		{
			"rule": "pii",
			"columns": ["public.staff.*", "*.*.password"],
			"detectors": [],
			"transform": "redact",
			"keep": 0,
			"keep_first": 0,
			"preserve": false,
			"to": null,
			"zero": false,
		},
	]
}

test_what_is_looked_for_needs_no_listed_columns_and_refuses_nothing if {
	detecting := {"pii": {"detect": [{"columns": ["*"], "detectors": ["email"]}]}}
	used := reading(email({"use": ["predicate", "order"]}))
	decision := command.decision with input as used with data.sallyport.packs as detecting
	decision.action == "allow"
	[mask] := decision.masks
	mask.rule == "pii-detect"
	mask.columns == ["*"]
	mask.detectors == ["email"]
	mask.transform == "redact"
}

test_nothing_is_looked_for_for_those_whom_data_names_or_while_off if {
	some changes in [{"clear_for": ["anyone"]}, {"enabled": false}]
	detecting := {"pii": object.union({"detect": [{"columns": ["*"], "detectors": ["email"]}]}, changes)}
	decision := command.decision with input as reading(email({})) with data.sallyport.packs as detecting
	decision.masks == []
}

test_those_whom_data_names_see_them_as_they_are if {
	clear := object.union(packs, {"pii": {"clear_for": ["group:corp/dba"]}})
	decision := command.decision with input as fixtures.by(fixtures.dba, reading(email({"use": ["order"]})))
		with data.sallyport.packs as clear
	decision.action == "allow"
	decision.masks == []
}

test_an_empty_list_of_those_clears_nobody if {
	clear := object.union(packs, {"pii": {"clear_for": []}})
	decision := command.decision with input as reading(email({})) with data.sallyport.packs as clear
	count(decision.masks) == 2
}

test_turned_off_nothing_is_masked if {
	off := object.union(packs, {"pii": {"enabled": false}})
	decision := command.decision with input as reading(email({})) with data.sallyport.packs as off
	decision.masks == []
}

test_what_their_uses_tell_is_denied_but_for_what_data_permits if {
	rules(reading(email({"use": ["predicate"]}))) == {"masked-predicate"}
	decide(reading(email({"use": ["predicate"], "equality_only": true}))).action == "allow"
	salary := {"table": "staff", "name": "salary", "use": ["predicate"], "equality_only": true}
	rules(reading(email(salary))) == {"masked-predicate"}
}
