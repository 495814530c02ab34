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
