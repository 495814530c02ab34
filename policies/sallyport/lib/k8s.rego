# METADATA
# title: Kubernetes
# description: What a request does to which resources. Nothing here is true of a command of another kind.
# schemas:
#   - input: schema.command.input
#   - data.sallyport.packs: schema.packs
package sallyport.k8s

# METADATA
# description: >-
#   True for a request of this verb on the resource, `pods`, or `pods/exec` for a subresource; a verb on all of them at
#   once (`deletecollection`) is a verb of its own.
verb_on(verb, resource) if {
	input.command.type == "kubernetes"
	input.command.verb == verb
	resource in names
}

# METADATA
# description: The resource as rules name it, and with its subresource where it has one.
names contains input.command.resource if not has_subresource

names contains concat("/", [input.command.resource, input.command.subresource]) if has_subresource

# METADATA
# description: True for a request about a part of a resource.
has_subresource if {
	is_string(input.command.subresource)
	input.command.subresource != ""
}

# METADATA
# description: True for a request within the namespace.
in_namespace(name) if {
	input.command.type == "kubernetes"
	input.command.namespace == name
}

# METADATA
# description: True for a request that changes nothing; `exec` and its like are no reads, whatever their verb.
reads if {
	input.command.type == "kubernetes"
	input.command.verb in {"get", "list", "watch"}
	not executes
}

# METADATA
# description: True for a request that runs something in a pod or opens a way into it.
executes if {
	input.command.type == "kubernetes"
	input.command.subresource in {"attach", "exec", "portforward", "proxy"}
}

# METADATA
# description: True for a request that is only tried.
dry_run if {
	input.command.type == "kubernetes"
	input.command.dry_run
}
