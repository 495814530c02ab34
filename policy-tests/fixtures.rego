# METADATA
# title: Fixtures
# description: Inputs for tests, each a change to an agent's plain SELECT on `public.customers`.
package fixtures

agent := {
	"subject": "agent-7",
	"kind": "agent",
	"provider": "static",
	"issuer": "static",
	"email": null,
	"groups": ["agents"],
	"claims": {},
	"on_behalf_of": null,
}

dba := object.union(agent, {"subject": "dana", "kind": "human", "provider": "corp", "issuer": "https://id.example", "groups": ["dba"]})

session := {
	"principal": agent,
	"connection": {"name": "orders", "type": "postgres", "labels": {"env": "prod"}},
	"session": {
		"id": "s1",
		"started_at": "2026-11-26T10:00:00Z",
		"client_address": "127.0.0.1",
		"client_application": "psql",
		"reason": "",
		"startup": {"user": "orders", "settings": {}, "options": ""},
	},
	"time": {"rfc3339": "2026-11-26T10:00:00Z", "unix": 1795687200, "weekday": "Thursday", "hour": 10},
	"approvals": [],
}

select := {
	"kind": "select",
	"effects": ["read"],
	"effect": "read",
	"relations": [relation("public", "customers")],
	"columns": [column("name", ["output"])],
	"functions": [],
	"has_where": false,
	"where_is_constant": false,
	"limit": null,
	"opaque": false,
	"opaque_reasons": [],
	"details": {},
	"nested": [],
}

relation(schema, name) := {
	"schema": schema,
	"name": name,
	"kind": "table",
	"temporary": false,
	"access": ["select"],
	"via": [],
}

# A column of public.customers.
column(name, use) := {
	"schema": "public",
	"table": "customers",
	"name": name,
	"use": use,
	"equality_only": false,
	"null_only": false,
	"stored": false,
	"flows": ["direct" | "output" in use],
}

# A command of one statement, which is a plain SELECT but for the fields given.
command(changes) := with_statements([object.union(select, changes)])

with_statements(statements) := object.union(session, {"command": {
	"type": "sql",
	"dialect": "postgres",
	"stage": "execute",
	"text": "",
	"fingerprint": "",
	"parameters": [],
	"statements": statements,
	"writes": [],
}})

# An UPDATE, DELETE ... of public.orders; bounded but for the fields given.
write(op, changes) := object.union(
	command({"kind": op, "effects": ["write"], "effect": "write", "relations": [relation("public", "orders")]}),
	{"command": {"writes": [object.union(
		{"relation": "public.orders", "op": op, "has_where": true, "where_is_constant": false},
		changes,
	)]}},
)

# The same input from somebody else.
by(principal, original) := object.union(original, {"principal": principal})

# What the control plane asks about.
admin(principal, action, owner) := {
	"principal": principal,
	"action": action,
	"resource": {"type": "session", "id": "s1", "owner": owner, "connection": null, "labels": {}},
	"time": session.time,
	"client_address": "127.0.0.1",
}

# A shell command over SSH that runs these programs.
ssh(programs) := object.union(session, {
	"connection": {"name": "web", "type": "ssh", "labels": {"env": "prod"}},
	"command": {"type": "exec", "text": "", "programs": programs, "opaque": false},
})

# A program as the analysis names it; the first of `argv` is the program itself.
program(argv) := {"name": argv[0], "argv": argv, "via": [], "redirects": []}

# A Kubernetes request but for the fields given: it reads a Pod.
kubernetes(changes) := object.union(session, {
	"connection": {"name": "cluster", "type": "kubernetes", "labels": {"env": "prod"}},
	"command": object.union(
		{
			"type": "kubernetes",
			"verb": "get",
			"api_group": "",
			"api_version": "v1",
			"resource": "pods",
			"subresource": null,
			"namespace": "default",
			"name": "web-0",
			"label_selector": null,
			"field_selector": null,
			"object": null,
			"exec": null,
			"dry_run": false,
		},
		changes,
	),
})
