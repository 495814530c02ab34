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
