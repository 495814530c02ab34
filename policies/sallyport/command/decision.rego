# METADATA
# title: Decisions about commands
# description: |-
#   Policies add elements to these sets; `decision` combines them. An element is an object with the name of its rule,
#   and what it leaves out is filled in:
#     allow             {rule, message, remedy}: lets the command through if nothing denies or holds it
#     deny              {rule, message, remedy}: refuses it whatever else is said
#     require_approval  {rule, approvers, min, expires, scope, message, remedy}: holds it for people
#     mask              {rule, columns, detectors, transform, keep, keep_first, preserve, to, zero, permit}: hides
#                       values wherever a query takes them, and refuses what would tell them all the same
#     filter            {rule, relation, predicate}: only rows for which the condition holds are read and changed
#     limit             {rule, max_rows, max_bytes, timeout}: bounds what comes back and how long it takes
#     record            {rule, level}: what the record keeps: full, commands or none
# schemas:
#   - input: schema.command.input
#   - data.sallyport.packs: schema.packs
package sallyport.command

import data.sallyport.elements

# METADATA
# title: sallyport/command/decision
# description: >-
#   What becomes of one command. Any `deny` wins; else each `require_approval` that is not granted holds it; else
#   it is allowed if something allows it or everything that was required is granted; else it is denied.
# entrypoint: true
decision := {
	"action": action,
	"reasons": reasons,
	"masks": masks,
	"filters": sort([element | some element in filter]),
	"approvals": sort(requirements),
	"limits": limits,
	"record": record_level,
}

# METADATA
# description: The combining itself.
action := "deny" if {
	count(refusals) > 0
} else := "require_approval" if {
	count(requirements - granted) > 0
} else := "allow" if {
	count(allow) + count(requirements) > 0
} else := "deny"

# METADATA
# description: The elements that account for the action.
reasons := sort([elements.reason(element) | some element in refusals]) if {
	count(refusals) > 0
} else := sort(held) if {
	count(held) > 0
} else := sort([elements.reason(element) | some element in allow]) if {
	count(allow) > 0
} else := [{"rule": "default", "message": "no rule allows this command", "remedy": null}]

# METADATA
# description: Everything that denies, an element of another set that can't be understood included.
refusals := deny | misunderstood

# METADATA
# description: Why the command is held, or was.
held contains elements.reason({key: value |
	some key in ["rule", "message", "remedy"]
	value := element[key]
}) if {
	some element in require_approval
}

# METADATA
# description: The approvals that the command needs, defaults filled in.
requirements contains elements.complete(
	{"min": 1, "expires": "15m", "scope": "command"},
	object.remove(element, ["message", "remedy"]),
) if {
	some element in require_approval
}

# METADATA
# description: What was approved. A grant counts for the very same requirement and no other.
granted contains grant.requirement if some grant in input.approvals

# METADATA
# description: The masks, defaults filled in. The gateway applies them to what the command returns.
masks := sort([elements.complete(mask_defaults, without_permit(element)) | some element in mask])

# METADATA
# description: What a mask permits is settled here, by `masked.rego`.
without_permit(element) := object.remove(element, ["permit"]) if is_object(element)

without_permit(element) := element if not is_object(element)

# METADATA
# description: What a mask is that says no more than its columns.
mask_defaults := {
	"detectors": [],
	"transform": "redact",
	"keep": 0,
	"keep_first": 0,
	"preserve": false,
	"to": null,
	"zero": false,
}

# METADATA
# description: The smallest of each limit; null where there is none.
limits := {"max_rows": null, "max_bytes": null, "timeout": null} if {
	count(limit) == 0
} else := {
	"max_rows": smallest({object.get(element, "max_rows", null) | some element in limit}),
	"max_bytes": smallest({object.get(element, "max_bytes", null) | some element in limit}),
	"timeout": shortest({object.get(element, "timeout", null) | some element in limit}),
}

# METADATA
# description: The smallest number of a set that may be empty or hold null.
smallest(values) := min(values - {null}) if {
	count(values - {null}) > 0
} else := null

# METADATA
# description: The shortest duration of a set that may be empty or hold null, as it was written.
shortest(values) := min({[elements.milliseconds(value), value] | some value in (values - {null})})[1] if {
	count(values - {null}) > 0
} else := null

# METADATA
# description: The fullest level asked for; full where nothing is asked for.
record_level := "full" if {
	count(record) == 0
} else := "full" if {
	some element in record
	object.get(element, "level", "full") == "full"
} else := "commands" if {
	some element in record
	object.get(element, "level", "full") == "commands"
} else := "none"

# METADATA
# description: >-
#   Elements of `limit` and `record` that say something else than they can mean. Those of the other sets reach the
#   decision as they are, where the gateway finds the mistake; these don't, so they are looked for here.
misunderstood contains misunderstanding("limit", element) if {
	some element in limit
	not limit_understood(element)
}

misunderstood contains misunderstanding("record", element) if {
	some element in record
	not record_understood(element)
}

# METADATA
# description: The reason that such an element gives.
misunderstanding(set_name, element) := {
	"rule": elements.named(element, set_name),
	"message": concat("", ["the policy's ", set_name, " can't be understood: ", json.marshal(element)]),
	"remedy": "correct the element that the rule adds",
}

# METADATA
# description: True for a limit whose fields are known and of the right type.
limit_understood(element) if {
	is_object(element)
	count(object.keys(element) - {"rule", "max_rows", "max_bytes", "timeout"}) == 0
	number_or_null(object.get(element, "max_rows", null))
	number_or_null(object.get(element, "max_bytes", null))
	duration_or_null(object.get(element, "timeout", null))
}

# METADATA
# description: True for a number, and for null.
number_or_null(value) if is_number(value)

number_or_null(null)

# METADATA
# description: True for a duration, and for null.
duration_or_null(value) if {
	is_string(value)
	elements.milliseconds(value) >= 0
}

duration_or_null(null)

# METADATA
# description: True for a record element whose fields are known and whose level is one.
record_understood(element) if {
	is_object(element)
	count(object.keys(element) - {"rule", "level"}) == 0
	object.get(element, "level", "full") in {"full", "commands", "none"}
}
