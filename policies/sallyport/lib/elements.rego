# METADATA
# title: Elements
# description: >-
#   How the elements that rules add become the parts of a decision. Whatever a rule misspells is kept, so that the
#   gateway, which takes nothing but the decision's schema, denies instead of overlooking it.
package sallyport.elements

# METADATA
# description: The element with its defaults filled in; anything that is not an object as it is.
complete(defaults, element) := object.union(defaults, element) if is_object(element)

complete(_, element) := element if not is_object(element)

# METADATA
# description: Why a decision is as it is, from the element of a rule that may say no more than its name.
reason(element) := complete({"message": named(element, null), "remedy": null}, element)

# METADATA
# description: The rule's name in its element, or what stands for it there.
named(element, unnamed) := object.get(element, "rule", unnamed) if is_object(element)

named(element, unnamed) := unnamed if not is_object(element)

# METADATA
# description: >-
#   Milliseconds in `250ms`, `30s`, `15m`, `8h` or `7d`; undefined for what has no such unit. (Not
#   time.parse_duration_ns: that knows no days, and it is a call out of the module.)
milliseconds(duration) := to_number(trim_suffix(duration, unit)) * factor if {
	unit := trim_left(duration, "0123456789.")
	factor := {"ms": 1, "s": 1000, "m": 60000, "h": 3600000, "d": 86400000}[unit]
}
