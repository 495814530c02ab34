# Who may do what in the control plane: on unless `data.sallyport.packs.admin.enabled` is false. Everybody may see
# and end what is their own; the rest takes a role. A field that data
# gives for one of the roles below replaces it there; other roles are added:
#
#     admin:
#       roles:
#         deployers:
#           principals: [user:ci/deployer]
#           actions: ["bundle:push", "bundle:read"]        # or "*", or "approvals:*"
#           kinds: [service]                               # any if absent
#         approvers:
#           principals: [group:corp/dba]
package sallyport.admin

import data.sallyport.principal

# METADATA
# description: >-
#   The roles that are there without data. Those that change something are for people: a group's name in an agent's
#   token gives it none of them.
default_roles := {
	"admins": {"principals": ["group:*/admins"], "kinds": ["human"], "actions": ["*"]},
	"approvers": {"principals": ["group:*/approvers"], "kinds": ["human"], "actions": ["approvals:*"]},
	"gateways": {
		"principals": ["group:*/gateways"],
		"kinds": ["service"],
		"actions": ["bundle:read", "status:report"],
	},
	"auditors": {
		"principals": ["group:*/auditors"],
		"kinds": ["human"],
		"actions": [
			"approvals:list",
			"approvals:read",
			"audit:read",
			"bundle:read",
			"connections:list",
			"policy:coverage",
			"policy:eval",
			"policy:explain",
			"policy:impact",
			"sessions:list",
			"sessions:read",
			"sessions:replay",
		],
	},
}

# METADATA
# description: The roles in force.
roles := object.union(default_roles, data.sallyport.packs.admin.roles) if {
	data.sallyport.packs.admin.roles
} else := default_roles

# METADATA
# title: Roles
# description: Allows what a role of the principal names, by its name, its room or all.
allow contains {"rule": concat("", ["role-", name]), "message": concat("", ["as one of the ", name])} if {
	admin_pack
	some name, role in roles
	some pattern in role.actions
	pattern in action_patterns
	principal.is_any(role.principals)
	input.principal.kind in object.get(role, "kinds", ["human", "agent", "service"])
}

# METADATA
# title: One's own
# description: Everybody sees their own sessions, requests and tokens, and may end a session or a token of theirs.
allow contains {"rule": "own", "message": "it belongs to the principal"} if {
	admin_pack
	input.action in {
		"approvals:list",
		"approvals:read",
		"identity:whoami",
		"policy:explain",
		"sessions:kill",
		"sessions:list",
		"sessions:read",
		"tokens:list",
		"tokens:revoke",
	}
	input.resource.owner == concat("|", [input.principal.issuer, input.principal.subject])
}

# METADATA
# title: Tokens for people
# description: >-
#   A person may make a token for themselves. An agent may not: it would outlive the credential that it came with.
allow contains {"rule": "own-token", "message": "a person's token for themselves"} if {
	admin_pack
	input.action == "tokens:create"
	input.principal.kind == "human"
	input.resource.owner == concat("|", [input.principal.issuer, input.principal.subject])
}

# METADATA
# title: What is no secret
# description: >-
#   Everybody may read the API's own description, and list the connections: whether one may use them the session's
#   decision says.
allow contains {"rule": "common", "message": "open to whoever is authenticated"} if {
	admin_pack
	input.action in {"api:read", "connections:list"}
}

# METADATA
# description: True unless the pack is turned off.
admin_pack if not data.sallyport.packs.admin.enabled == false

# METADATA
# description: >-
#   The patterns that name the action that is asked for. To see the values behind tokens has to be said by name: `*` is
#   for what runs the gateway.
action_patterns := {"*" | input.action != "values:reveal"} | {
	input.action,
	concat("", [split(input.action, ":")[0], ":*"]),
}
