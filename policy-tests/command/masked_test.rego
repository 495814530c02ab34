package sallyport.command_test.masked

import data.fixtures
import data.sallyport.command

# What rules of somebody's own mask.
masks := {
	{"rule": "mail", "columns": ["public.customers.email", "public.customers.phone"], "permit": ["equality"]},
	{"rule": "staff", "columns": ["public.staff.*", "*.*.password"]},
}

email(changes) := object.union(fixtures.column("email", ["output"]), changes)

decide(original) := decision if {
	decision := command.decision with input as original with command.mask as masks
}

rules(original) := {reason.rule | some reason in decide(original).reasons}

reading(column) := fixtures.command({"columns": [column]})

test_a_comparison_is_denied_and_permitted_equality_with_a_constant_is_not if {
	rules(reading(email({"use": ["predicate"]}))) == {"masked-predicate"}
	decide(reading(email({"use": ["predicate"], "equality_only": true}))).action == "allow"
}

test_equality_is_denied_too_unless_it_is_permitted if {
	salary := {"table": "staff", "name": "salary", "use": ["predicate"], "equality_only": true}
	rules(reading(email(salary))) == {"masked-predicate"}
}

test_whether_it_is_null_may_be_asked if {
	salary := {"table": "staff", "name": "salary", "use": ["predicate"], "equality_only": true, "null_only": true}
	decide(reading(email(salary))).action == "allow"
}

test_a_comparison_beside_an_equality_in_a_join_is_a_join if {
	rules(reading(email({"use": ["join", "predicate"], "equality_only": true}))) == {"masked-join"}
}

test_joins_and_sorting_are_denied if {
	rules(reading(email({"use": ["join"]}))) == {"masked-join"}
	rules(reading(email({"use": ["output", "order"]}))) == {"masked-order"}
}

test_what_may_fail_by_a_value_is_not_computed_with_it if {
	rules(reading(email({"use": ["output", "computed"]}))) == {"masked-computed"}
	permitting := {{"rule": "mail", "columns": ["public.customers.email"], "permit": ["compute"]}}
	decision := command.decision with input as reading(email({"use": ["output", "computed"]}))
		with command.mask as permitting
	decision.action == "allow"
}

test_grouping_and_distinct_are_masked_and_not_denied if {
	decide(reading(email({"use": ["output", "group", "distinct"]}))).action == "allow"
}

test_other_columns_may_be_used_in_any_way if {
	decide(reading(fixtures.column("name", ["output", "predicate", "order", "join"]))).action == "allow"
}

test_columns_are_listed_by_table_and_by_name_in_any_table_too if {
	salary := {"table": "staff", "name": "salary", "use": ["order"]}
	rules(reading(email(salary))) == {"masked-order"}
	rules(reading(email({"table": "x", "name": "password", "use": ["order"]}))) == {"masked-order"}
	decide(reading(email({"table": "x", "name": "salary", "use": ["order"]}))).action == "allow"
}

test_a_value_may_not_be_stored_elsewhere if {
	rules(reading(email({"use": ["assignment"], "stored": true}))) == {"masked-stored"}
}

test_a_masked_column_may_be_written if {
	decide(reading(email({"use": ["assignment"]}))).action == "allow"
}

under(own) := {reason.rule | some reason in decision.reasons} if {
	decision := command.decision with input as reading(email({"use": ["predicate"], "stored": true})) with command.mask as own
}

test_a_column_is_found_by_every_name_that_a_mask_may_give_it if {
	names := [
		"*",
		"*.*.*",
		"public.*.email",
		"*.customers.*",
		"*.*.email",
		"public.customers.*",
		`"public".customers."email"`,
		"public.customers.email#>>{a,b}",
		`"public".customers.email#>{a}`,
	]
	every name in names {
		under({{"rule": "m", "columns": [name]}}) == {"masked-predicate", "masked-stored"}
	}
	every name in ["public.customers.mail", "app.*.email", `"public.customers".x.email`, "public.orders.*"] {
		under({{"rule": "m", "columns": [name]}}) == {"safe-defaults"}
	}
}

test_what_is_permitted_is_allowed_where_every_rule_on_the_column_permits_it if {
	open := {"rule": "open", "columns": ["public.customers.email"], "permit": ["predicate", "store"]}
	under({open}) == {"safe-defaults"}
	under({open, {"rule": "closed", "columns": ["public.*.*"]}}) == {"masked-predicate", "masked-stored"}
	under({object.union(open, {"permit": ["equality", "order"]})}) == {"masked-predicate", "masked-stored"}
}

test_masks_with_detectors_refuse_nothing if {
	under({{"rule": "m", "columns": ["*"], "detectors": ["email"]}}) == {"safe-defaults"}
}

test_what_a_mask_permits_is_no_part_of_the_decision if {
	decision := command.decision with input as reading(email({}))
		with command.mask as {{"rule": "m", "columns": ["a.b.c"], "permit": ["order"]}}
	every mask in decision.masks {
		not "permit" in object.keys(mask)
	}
}

test_a_mask_that_permits_something_else_can_not_be_understood if {
	every permit in [["sort"], "order", {"order": true}] {
		under({{"rule": "m", "columns": ["a.b.c"], "permit": permit}}) == {"m"}
	}
}

migrating := {"safe_defaults": {"permit": {"schema": ["kind:agent"], "privilege": ["kind:agent"]}}}

changing(kind, details) := changing_by(masks, kind, details)

changing_by(own, kind, details) := {reason.rule | some reason in decision.reasons} if {
	decision := command.decision with data.sallyport.packs as migrating
		with command.mask as own
		with input as fixtures.command({"kind": kind, "effects": ["schema"], "columns": [], "details": details})
}

test_a_table_with_masked_columns_keeps_its_name_schema_and_parent if {
	changing("rename", {"object": "table"}) == {"masked-renamed"}
	changing("alter_table_schema", {}) == {"masked-renamed"}
	changing("alter_table", {"actions": ["add_column", "detach_partition"]}) == {"masked-renamed"}
	changing("alter_table", {"actions": ["drop_inherit"]}) == {"masked-renamed"}
	changing("alter_table", {"actions": ["add_column"]}) == {"safe-defaults"}
}

test_a_masked_column_is_neither_renamed_nor_dropped if {
	changing("rename", {"object": "column", "name": "email"}) == {"masked-renamed"}
	changing("rename", {"object": "column", "name": "password"}) == {"masked-renamed"}
	changing("rename", {"object": "column", "name": "name"}) == {"safe-defaults"}
	changing("alter_table", {"actions": ["drop_column"], "parts": ["name", "email"]}) == {"masked-renamed"}
	changing("alter_table", {"actions": ["drop_column"], "parts": ["name"]}) == {"safe-defaults"}
	permitting := {object.union(mask, {"permit": ["rename"]}) | some mask in masks}
	changing_by(permitting, "rename", {"object": "column", "name": "email"}) == {"safe-defaults"}
}

test_other_tables_may_be_renamed if {
	decision := command.decision with data.sallyport.packs as migrating
		with command.mask as masks
		with input as fixtures.command({
			"kind": "rename",
			"effects": ["schema"],
			"columns": [],
			"relations": [fixtures.relation("public", "orders")],
			"details": {"object": "table"},
		})
	decision.action == "allow"
}

renaming(schema) := {reason.rule | some reason in decision.reasons} if {
	decision := command.decision with data.sallyport.packs as migrating
		with command.mask as masks
		with input as fixtures.command({
			"kind": "rename",
			"effects": ["schema"],
			"columns": [],
			"relations": [],
			"details": {"object": "schema", "name": schema},
		})
}

test_a_schema_with_masked_columns_keeps_its_name if {
	renaming("public") == {"masked-renamed"}
	renaming("public2") == {"safe-defaults"}
}

catalog(name) := fixtures.command({"relations": [fixtures.relation("pg_catalog", name)]})

test_the_servers_own_copies_of_values_are_denied if {
	every name in ["pg_stats", "pg_statistic", "pg_prepared_statements", "pg_largeobject"] {
		rules(catalog(name)) == {"masked-catalog"}
	}
	rules(fixtures.command({"relations": [fixtures.relation("pg_toast", "pg_toast_16400")]})) == {"masked-catalog"}
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
	rules(calling_through("pg_stat_get_activity", ["public.v"])) == {"masked-catalog"}
	statements := {"schema": "pg_catalog", "table": "pg_stat_activity", "name": "query", "use": []}
	rules(reading(email(statements))) == {"masked-catalog"}
	decide(reading(email(object.union(statements, {"name": "state"})))).action == "allow"
}

test_so_are_the_functions_beneath_them_and_large_objects if {
	every name in ["pg_stat_get_activity", "pg_stat_statements", "lo_get", "loread"] {
		rules(calling(name)) == {"masked-catalog"}
	}
	decide(calling("pg_get_userbyid")).action == "allow"
}

test_without_masks_statistics_may_be_read if {
	decision := command.decision with input as catalog("pg_stats")
	decision.action == "allow"
}

opaque := fixtures.command({"columns": [], "opaque": true, "opaque_reasons": ["a DO block in plpgsql is not read"]})

lax(permit) := {"safe_defaults": {"enabled": false, "permit": permit}}

test_what_cant_be_judged_is_denied_without_the_safe_defaults_too if {
	decision := command.decision with input as opaque with command.mask as masks with data.sallyport.packs as lax({})
	{reason.rule | some reason in decision.reasons} == {"masked-opaque"}
	permitted := command.decision with input as opaque
		with command.mask as masks
		with data.sallyport.packs as lax({"unknown": ["kind:agent"]})
	{reason.rule | some reason in permitted.reasons} == {"default"}
	rules(opaque) == {"opaque"}
}
