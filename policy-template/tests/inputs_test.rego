# Inputs for tests, in the form of schemas/command/input.json; `sallyport policy eval` shows those of real commands.
package inputs

by(kind) := {
	"principal": {
		"subject": "a",
		"kind": kind,
		"provider": "corp",
		"issuer": "https://id.example",
		"email": null,
		"groups": [],
		"claims": {},
		"on_behalf_of": null,
	},
	"connection": {"name": "shop", "type": "postgres", "labels": {"env": "prod"}},
	"session": {
		"id": "s1",
		"started_at": "2026-01-05T10:00:00Z",
		"client_address": "127.0.0.1",
		"client_application": "psql",
		"reason": "",
		"startup": {"user": "a", "settings": {}, "options": ""},
	},
	"time": {"rfc3339": "2026-01-05T10:00:00Z", "unix": 1767607200, "weekday": "Monday", "hour": 10},
	"approvals": [],
}

# An UPDATE that names its rows.
write(kind, relation) := object.union(by(kind), {"command": {
	"type": "sql",
	"dialect": "postgres",
	"stage": "execute",
	"text": "",
	"fingerprint": "",
	"parameters": [],
	"writes": [{"relation": relation, "op": "update", "has_where": true, "where_is_constant": false}],
	"statements": [{
		"kind": "update",
		"effects": ["write"],
		"effect": "write",
		"relations": [{
			"schema": split(relation, ".")[0],
			"name": split(relation, ".")[1],
			"kind": "table",
			"temporary": false,
			"access": ["update"],
			"via": [],
		}],
		"columns": [],
		"functions": [],
		"has_where": true,
		"where_is_constant": false,
		"limit": null,
		"opaque": false,
		"opaque_reasons": [],
		"details": {},
		"nested": [],
	}],
}})
