# METADATA
# title: Principal
# description: >-
#   Who asks, as patterns that data can list: `anyone`, `kind:agent`, `user:corp/dana`, `group:corp/dba`, and
#   `group:*/dba` for a group of that name from any provider.
# schemas:
#   - input: schema.session.input
#   - data.sallyport.packs: schema.packs
package sallyport.principal

# METADATA
# description: True when one of the patterns names the principal.
is_any(patterns) if {
	some pattern in patterns
	pattern in names
}

# METADATA
# description: Every pattern that names the principal. A provider with a slash could pass for another one.
names contains "anyone"

names contains concat("", ["kind:", input.principal.kind])

names contains concat("", ["user:", input.principal.provider, "/", input.principal.subject]) if {
	not contains(input.principal.provider, "/")
}

names contains concat("", ["group:", input.principal.provider, "/", group]) if {
	not contains(input.principal.provider, "/")
	some group in input.principal.groups
}

names contains concat("", ["group:*/", group]) if some group in input.principal.groups

# METADATA
# description: >-
#   True for a member of the group, `corp/dba` of that provider, or `*/dba` of any. A group without a provider's name is
#   nobody's.
in_group(name) if concat("", ["group:", name]) in names

# METADATA
# description: True for the one principal that a provider knows by this name, as `corp/dana`.
is_user(name) if concat("", ["user:", name]) in names

# METADATA
# description: True for a person.
is_human if input.principal.kind == "human"

# METADATA
# description: True for an AI agent or whatever else acts by itself.
is_agent if input.principal.kind == "agent"

# METADATA
# description: True for a program that is no agent, such as a job or a service.
is_service if input.principal.kind == "service"

# METADATA
# description: True for whoever acts for somebody else.
on_behalf if is_object(input.principal.on_behalf_of)
