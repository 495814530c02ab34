package sallyport.packs_test.safe_defaults

import data.fixtures
import data.sallyport.command

# The rules that deny a command, and its action.
denied_by(original) := {reason.rule | some reason in decision.reasons} if {
	decision := command.decision with input as original
	decision.action == "deny"
}

allowed(original) if {
	decision := command.decision with input as original
	decision.action == "allow"
}

effect(name) := fixtures.command({"effects": ["read", name], "effect": name})

test_a_read_is_allowed_and_recorded_without_its_rows if {
	decision := command.decision with input as fixtures.command({})
	decision == {
		"action": "allow",
		"reasons": [{
			"rule": "safe-defaults",
			"message": "reads, bounded writes and what data permits",
			"remedy": null,
		}],
		"masks": [],
		"filters": [],
		"approvals": [],
		"limits": {"max_rows": null, "max_bytes": null, "timeout": null},
		"record": "commands",
	}
}

test_settings_transactions_locks_and_bounded_writes_are_allowed if {
	every name in ["session", "transaction", "lock"] {
		allowed(effect(name))
	}
	every op in ["insert", "update", "delete"] {
		allowed(fixtures.write(op, {}))
	}
}

test_what_is_stronger_is_denied if {
	denied_by(effect("schema")) == {"no-schema-changes"}
	denied_by(effect("privilege")) == {"no-privilege-changes"}
	denied_by(effect("maintenance")) == {"no-maintenance"}
	denied_by(effect("execute")) == {"no-execution"}
}

test_data_permits_it_to_those_it_names if {
	every name in ["schema", "privilege", "maintenance", "execute", "unknown"] {
		allowed(effect(name)) with data.sallyport.packs.safe_defaults.permit as {name: ["group:static/agents"]}
		denied_by(effect(name)) with data.sallyport.packs.safe_defaults.permit as {name: ["group:corp/dba"]}
	}
}

test_what_cannot_be_judged_is_denied_with_the_reason if {
	decision := command.decision with input as fixtures.command({
		"effects": ["read", "unknown"],
		"opaque": true,
		"opaque_reasons": ["the function f is written in C"],
	})
	decision.action == "deny"
	decision.reasons[0].rule == "opaque"
	contains(decision.reasons[0].message, "the function f is written in C")
}

test_an_effect_that_nobody_has_heard_of_is_not_allowed if {
	denied_by(effect("teleport")) == {"default"}
}

test_a_command_that_is_not_sql_is_not_allowed if {
	denied_by(object.union(fixtures.session, {"command": {"type": "shell", "text": "ls"}})) == {"default"}
}

test_update_and_delete_without_where_are_denied if {
	every op in ["update", "delete"] {
		denied_by(fixtures.write(op, {"has_where": false})) == {"unbounded-write"}
	}
}

test_the_message_names_the_operation_and_the_relation if {
	decision := command.decision with input as fixtures.write("delete", {"has_where": false})
	decision.reasons[0].message == "DELETE on public.orders would reach every row"
}

test_a_where_that_holds_for_every_row_is_none if {
	denied_by(fixtures.write("update", {"where_is_constant": true})) == {"unbounded-write"}
}

test_an_insert_has_no_where_and_needs_none if {
	allowed(fixtures.write("insert", {"has_where": false}))
}

test_truncate_is_denied if {
	denied_by(fixtures.write("truncate", {"has_where": false})) == {"no-truncate"}
}

test_data_permits_truncate_and_unbounded_writes if {
	allowed(fixtures.write("truncate", {"has_where": false})) with data.sallyport.packs.safe_defaults.permit as {"truncate": ["kind:agent"]}
	allowed(fixtures.write("delete", {"has_where": false})) with data.sallyport.packs.safe_defaults.permit as {"unbounded_write": ["kind:agent"]}
}

set_statement(kind, name, value) := fixtures.command({
	"kind": kind,
	"effects": ["privilege", "session"],
	"details": {"name": name, "value": value, "local": false},
})

test_another_role_is_denied_and_going_back_to_ones_own_is_not if {
	denied_by(set_statement("set_role", "role", "postgres")) == {"no-privilege-changes"}
	denied_by(set_statement("set_session_authorization", "session_authorization", "postgres")) == {"no-privilege-changes"}
	allowed(set_statement("set_role", "role", "none"))
	allowed(set_statement("reset", "role", null))
	allowed(set_statement("set_session_authorization", "session_authorization", null))
}

discard := fixtures.command({"kind": "discard", "effects": ["session", "schema"], "details": {"target": "all"}})

temporary_table := {"kind": "create_table_as", "effects": ["read", "schema", "session"], "details": {"temporary": true}}

test_a_session_may_discard_what_is_its_own if {
	allowed(discard)
}

test_temporary_tables_are_denied_and_data_permits_them if {
	denied_by(fixtures.command(temporary_table)) == {"no-temporary-tables"}
	allowed(fixtures.command(temporary_table)) with data.sallyport.packs.safe_defaults.permit as {"temporary": ["kind:agent"]}
}

test_whoever_may_make_temporary_tables_may_not_change_the_schema_on_the_way if {
	beneath := object.union(fixtures.select, {"kind": "create_table", "effects": ["schema"]})
	statement := object.union(temporary_table, {"nested": [beneath]})
	denied_by(fixtures.command(statement)) == {"no-schema-changes"} with data.sallyport.packs.safe_defaults.permit as {"temporary": ["kind:agent"]}
}

test_stored_credentials_are_not_read if {
	secret := object.union(fixtures.column("rolpassword", ["output"]), {"schema": "pg_catalog", "table": "pg_authid"})
	plain := object.union(secret, {"name": "rolname"})
	denied_by(fixtures.command({"columns": [secret]})) == {"no-stored-credentials"}
	allowed(fixtures.command({"columns": [plain]}))
}

test_stored_credentials_that_a_view_leaves_out_are_no_reason if {
	secret := object.union(fixtures.column("rolpassword", []), {"schema": "pg_catalog", "table": "pg_authid"})
	beneath := object.union(fixtures.select, {"columns": [object.union(secret, {"use": ["output"]})]})
	allowed(fixtures.command({"columns": [secret]}))
	denied_by(fixtures.command({"columns": [secret], "nested": [beneath]})) == {"no-stored-credentials"}
	"no-stored-credentials" in denied_by(fixtures.command({"columns": [secret], "kind": "do"}))
}

test_turned_off_it_allows_nothing_and_denies_nothing if {
	off := {"safe_defaults": {"enabled": false}}
	decision := command.decision with input as fixtures.command({}) with data.sallyport.packs as off
	decision.action == "deny"
	decision.reasons[0].rule == "default"
	count(command.deny) == 0 with input as fixtures.write("delete", {"has_where": false})
		with data.sallyport.packs as off
}
