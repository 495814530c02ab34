package sallyport.packs_test.approvals

import data.fixtures
import data.sallyport.command

required := {"rule": "bulk-orders", "relations": ["public.orders"], "ops": ["update", "delete"], "approvers": ["group:static/approvers"]}

packs(requirements) := {"approvals": {"require": requirements}}

decide(original, requirements) := decision if {
	decision := command.decision with input as original with data.sallyport.packs as packs(requirements)
}

test_a_listed_write_waits_for_the_approvers if {
	decision := decide(fixtures.write("update", {}), [required])
	decision.action == "require_approval"
	decision.approvals == [{
		"rule": "bulk-orders",
		"approvers": ["group:static/approvers"],
		"min": 1,
		"expires": "15m",
		"scope": "command",
	}]
}

test_what_data_says_of_the_approval_is_asked_for if {
	asked := object.union(required, {"min": 2, "expires": "1h", "scope": "session", "message": "looked at"})
	decision := decide(fixtures.write("update", {}), [asked])
	decision.approvals[0].min == 2
	decision.approvals[0].scope == "session"
	decision.reasons[0].message == "looked at"
}

test_an_entry_without_a_name_is_called_after_the_pack if {
	decision := decide(fixtures.write("update", {}), [object.remove(required, ["rule"])])
	decision.approvals[0].rule == "approvals"
}

test_other_operations_and_other_relations_do_not_wait if {
	decide(fixtures.write("insert", {}), [required]).action == "allow"
	decide(fixtures.write("update", {"relation": "public.customers"}), [required]).action == "allow"
	decide(fixtures.command({}), [required]).action == "allow"
}

test_a_star_is_every_relation if {
	decide(fixtures.write("update", {}), [object.union(required, {"relations": ["*"]})]).action == "require_approval"
}

test_a_write_to_a_partition_by_its_own_name_waits_as_well if {
	columns := [
		object.union(fixtures.column("id", ["predicate"]), {"table": "orders_eu"}),
		object.union(fixtures.column("id", ["predicate"]), {"table": "orders"}),
	]
	update := fixtures.write("update", {"relation": "public.orders_eu"})
	statement := object.union(update.command.statements[0], {
		"relations": [fixtures.relation("public", "orders_eu")],
		"columns": columns,
	})
	partition := json.patch(update, [{"op": "replace", "path": "/command/statements", "value": [statement]}])
	decide(partition, [required]).action == "require_approval"
}

test_so_does_one_whose_parent_is_named_as_written_to if {
	update := fixtures.write("update", {"relation": "public.orders_eu"})
	parent := object.union(fixtures.relation("public", "orders"), {"access": ["update"], "via": ["public.orders_eu"]})
	named := json.patch(update, [{"op": "replace", "path": "/command/statements/0/relations", "value": [parent]}])
	decide(named, [required]).action == "require_approval"
	read := json.patch(named, [{"op": "replace", "path": "/command/statements/0/relations/0/access", "value": ["select"]}])
	decide(read, [required]).action == "allow"
}

test_an_unbounded_write_is_denied_not_held if {
	decide(fixtures.write("update", {"has_where": false}), [required]).action == "deny"
}

test_turned_off_nothing_waits if {
	off := object.union(packs([required]), {"approvals": {"enabled": false}})
	decision := command.decision with input as fixtures.write("update", {}) with data.sallyport.packs as off
	decision.action == "allow"
}
