package sallyport.sql_test

import data.fixtures
import data.sallyport.sql

test_effects_are_those_of_all_statements if {
	effects := sql.effects with input as fixtures.with_statements([
		fixtures.select,
		object.union(fixtures.select, {"effects": ["read", "write"]}),
	])
	effects == {"read", "write"}
}

test_an_opaque_statement_has_unknown_effects_even_if_it_does_not_say_so if {
	effects := sql.effects with input as fixtures.command({"opaque": true})
	effects == {"read", "unknown"}
}

test_everyday_effects_are_not_strong if {
	sql.strong == set() with input as fixtures.command({"effects": ["read", "session", "transaction", "lock", "write"]})
	sql.strong == {"schema"} with input as fixtures.command({"effects": ["read", "schema"]})
}

test_reasons_for_opacity_are_gathered if {
	sql.opaque_reasons == {"a", "b"} with input as fixtures.command({"opaque_reasons": ["a", "b"]})
}

test_a_command_touches_the_relations_that_it_names if {
	sql.touches("public.customers") with input as fixtures.command({})
	not sql.touches("public.orders") with input as fixtures.command({})
}

test_a_table_whose_columns_are_used_but_which_is_not_reached_is_a_parent if {
	child := fixtures.relation("public", "customers_eu")
	own := object.union(fixtures.column("name", ["output"]), {"table": "customers_eu"})
	statement := {"relations": [child], "columns": [own, fixtures.column("name", ["output"])]}
	sql.parents == {"public.customers"} with input as fixtures.command(statement)
	sql.touches("public.customers") with input as fixtures.command(statement)
	sql.parents == set() with input as fixtures.command({})
}

test_names_are_quoted_where_a_part_holds_a_dot_or_a_quote if {
	sql.relation_name({"schema": "public", "name": "a.b"}) == `public."a.b"`
	sql.relation_name({"schema": `o"x`, "name": "t"}) == `"o""x".t`
	sql.column_name({"schema": "public", "table": "t", "name": "c"}) == "public.t.c"
}

test_writes_are_told_with_what_they_write_to if {
	delete := fixtures.write("delete", {})
	{write.op | some write in sql.writes} == {"delete"} with input as delete
	sql.writes_to("public.orders") with input as delete
	not sql.writes_to("public.customers") with input as delete
	sql.writes == set() with input as fixtures.command({})
}

test_a_relation_is_read_where_its_rows_are if {
	sql.reads("public.customers") with input as fixtures.command({})
	written := object.union(fixtures.relation("public", "customers"), {"access": ["insert"]})
	not sql.reads("public.customers") with input as fixtures.command({"relations": [written]})
}

test_a_delete_or_update_without_rows_is_unbounded if {
	every_row := {"has_where": false}
	always := {"where_is_constant": true}
	sql.unbounded_delete with input as fixtures.write("delete", every_row)
	sql.unbounded_delete with input as fixtures.write("delete", always)
	not sql.unbounded_delete with input as fixtures.write("delete", {})
	not sql.unbounded_delete with input as fixtures.write("update", every_row)
	sql.unbounded_update with input as fixtures.write("update", every_row)
	not sql.unbounded_update with input as fixtures.write("insert", every_row)
}

test_effects_and_kinds_are_asked_for_by_name if {
	sql.does("read") with input as fixtures.command({})
	not sql.does("write") with input as fixtures.command({})
	explained := fixtures.command({"kind": "explain", "nested": [fixtures.select]})
	sql.is_a("select") with input as explained
	sql.is_a("explain") with input as explained
	not sql.is_a("table") with input as explained
}

test_functions_and_columns_are_asked_for_by_name if {
	called := fixtures.command({"functions": [{"schema": "pg_catalog", "name": "pg_sleep"}]})
	sql.calls("pg_sleep") with input as called
	not sql.calls("now") with input as called
	sql.returns("public.customers.name") with input as fixtures.command({})
	used := fixtures.command({"columns": [fixtures.column("email", ["predicate"])]})
	not sql.returns("public.customers.email") with input as used
}

test_what_cannot_be_judged_is_opaque if {
	sql.opaque with input as fixtures.command({"opaque": true})
	not sql.opaque with input as fixtures.command({})
}

test_a_text_becomes_a_literal_whatever_it_holds if {
	sql.literal("eu") == "'eu'"
	sql.literal("x' OR 'a'='a") == "'x'' OR ''a''=''a'"
}
