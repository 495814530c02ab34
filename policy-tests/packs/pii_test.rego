package sallyport.packs_test.pii

import data.fixtures
import data.sallyport.command

packs := {"pii": {"columns": [
	{"columns": ["public.customers.email", "public.customers.phone"], "transform": "partial", "keep": 4},
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

test_a_comparison_is_denied_and_equality_with_a_constant_is_not if {
	rules(reading(email({"use": ["predicate"]}))) == {"pii-predicate"}
	decide(reading(email({"use": ["predicate"], "equality_only": true}))).action == "allow"
}

test_a_comparison_beside_an_equality_in_a_join_is_a_join if {
	rules(reading(email({"use": ["join", "predicate"], "equality_only": true}))) == {"pii-join"}
}

test_joins_and_sorting_are_denied if {
	rules(reading(email({"use": ["join"]}))) == {"pii-join"}
	rules(reading(email({"use": ["output", "order"]}))) == {"pii-order"}
}

test_grouping_and_distinct_are_masked_and_not_denied if {
	decide(reading(email({"use": ["output", "group", "distinct"]}))).action == "allow"
}

test_other_columns_may_be_used_in_any_way if {
	decide(reading(fixtures.column("name", ["output", "predicate", "order", "join"]))).action == "allow"
}

test_columns_are_listed_by_table_and_by_name_in_any_table_too if {
	salary := {"table": "staff", "name": "salary", "use": ["order"]}
	rules(reading(email(salary))) == {"pii-order"}
	rules(reading(email({"table": "x", "name": "password", "use": ["order"]}))) == {"pii-order"}
	decide(reading(email({"table": "x", "name": "salary", "use": ["order"]}))).action == "allow"
}

test_a_value_may_not_be_stored_elsewhere if {
	rules(reading(email({"use": ["assignment"], "stored": true}))) == {"pii-stored"}
}

test_a_masked_column_may_be_written if {
	decide(reading(email({"use": ["assignment"]}))).action == "allow"
}

test_all_columns_may_be_listed if {
	all_of_them := {"pii": {"columns": [{"columns": ["*.*.*"]}]}}
	decision := command.decision with input as reading(fixtures.column("name", ["order"]))
		with data.sallyport.packs as all_of_them
	decision.action == "deny"
}

migrating := object.union(packs, {"safe_defaults": {"permit": {"schema": ["kind:agent"], "privilege": ["kind:agent"]}}})

changing(kind, details) := {reason.rule | some reason in decision.reasons} if {
	decision := command.decision with data.sallyport.packs as migrating
		with input as fixtures.command({"kind": kind, "effects": ["schema"], "columns": [], "details": details})
}

test_a_table_with_listed_columns_keeps_its_name_schema_and_parent if {
	changing("rename", {"object": "column"}) == {"pii-renamed"}
	changing("alter_table_schema", {}) == {"pii-renamed"}
	changing("alter_table", {"actions": ["add_column", "detach_partition"]}) == {"pii-renamed"}
	changing("alter_table", {"actions": ["drop_inherit"]}) == {"pii-renamed"}
	changing("alter_table", {"actions": ["add_column"]}) == {"safe-defaults"}
}

test_other_tables_may_be_renamed if {
	decision := command.decision with data.sallyport.packs as migrating with input as fixtures.command({
		"kind": "rename",
		"effects": ["schema"],
		"columns": [],
		"relations": [fixtures.relation("public", "orders")],
		"details": {"object": "table"},
	})
	decision.action == "allow"
}

renaming(schema) := {reason.rule | some reason in decision.reasons} if {
	decision := command.decision with data.sallyport.packs as migrating with input as fixtures.command({
		"kind": "rename",
		"effects": ["schema"],
		"columns": [],
		"relations": [],
		"details": {"object": "schema", "name": schema},
	})
}

test_a_schema_with_listed_columns_keeps_its_name if {
	renaming("public") == {"pii-renamed"}
	renaming("public2") == {"safe-defaults"}
}

catalog(name) := fixtures.command({"relations": [fixtures.relation("pg_catalog", name)]})

test_the_servers_own_copies_of_values_are_denied if {
	every name in ["pg_stats", "pg_statistic", "pg_prepared_statements", "pg_largeobject"] {
		rules(catalog(name)) == {"pii-catalog"}
	}
	rules(fixtures.command({"relations": [fixtures.relation("pg_toast", "pg_toast_16400")]})) == {"pii-catalog"}
	decide(catalog("pg_class")).action == "allow"
}

calling(name) := calling_through(name, [])

calling_through(name, via) := fixtures.command({"functions": [{
	"schema": "pg_catalog",
	"name": name,
	"volatility": "stable",
	"language": "internal",
	"security_definer": false,
	"via": via,
}]})

test_of_the_servers_view_of_sessions_only_the_statements_are_denied if {
	through_view := calling_through("pg_stat_get_activity", ["public.v", "pg_catalog.pg_stat_activity"])
	decide(through_view).action == "allow"
	rules(calling_through("pg_stat_get_activity", ["public.v"])) == {"pii-catalog"}
	statements := {"schema": "pg_catalog", "table": "pg_stat_activity", "name": "query", "use": []}
	rules(reading(email(statements))) == {"pii-catalog"}
	decide(reading(email(object.union(statements, {"name": "state"})))).action == "allow"
}

test_so_are_the_functions_beneath_them_and_large_objects if {
	every name in ["pg_stat_get_activity", "pg_stat_statements", "lo_get", "loread"] {
		rules(calling(name)) == {"pii-catalog"}
	}
	decide(calling("pg_get_userbyid")).action == "allow"
}

test_without_listed_columns_statistics_may_be_read if {
	decision := command.decision with input as catalog("pg_stats")
	decision.action == "allow"
}

opaque := fixtures.command({"columns": [], "opaque": true, "opaque_reasons": ["a DO block in plpgsql is not read"]})

lax(permit) := object.union(packs, {"safe_defaults": {"enabled": false, "permit": permit}})

test_what_cant_be_judged_is_denied_without_the_safe_defaults_too if {
	decision := command.decision with input as opaque with data.sallyport.packs as lax({})
	{reason.rule | some reason in decision.reasons} == {"pii-opaque"}
	permitted := command.decision with input as opaque with data.sallyport.packs as lax({"unknown": ["kind:agent"]})
	{reason.rule | some reason in permitted.reasons} == {"default"}
	rules(opaque) == {"opaque"}
}

test_a_path_into_a_column_counts_as_the_column if {
	paths := {"pii": {"columns": [{"columns": ["public.customers.email#>>{a,b}"]}]}}
	decision := command.decision with input as reading(email({"use": ["predicate"]})) with data.sallyport.packs as paths
	{reason.rule | some reason in decision.reasons} == {"pii-predicate"}
}
