package sallyport.packs_test.filters

import data.fixtures
import data.sallyport.command

rows := [
	{"relation": "public.orders", "predicate": "region = 'eu'"},
	{"relation": "public.lines", "predicate": "true", "except": ["group:corp/dba"]},
]

filters(input_object, data_object) := {one.relation | some one in decision.filters} if {
	decision := command.decision with input as input_object with data.sallyport.packs.filters as data_object
}

test_listed_relations_are_filtered if {
	decision := command.decision with input as fixtures.command({}) with data.sallyport.packs.filters as {"rows": rows}
	decision.filters == [
		{"rule": "filters", "relation": "public.orders", "predicate": "region = 'eu'"},
		{"rule": "filters", "relation": "public.lines", "predicate": "true"},
	]
}

test_not_for_those_who_are_excepted if {
	filters(fixtures.by(fixtures.dba, fixtures.command({})), {"rows": rows}) == {"public.orders"}
}

test_turned_off_nothing_is_filtered if {
	filters(fixtures.command({}), {"rows": rows, "enabled": false}) == set()
}

test_without_data_nothing_is_filtered if {
	filters(fixtures.command({}), {}) == set()
}
