# METADATA
# title: Decisions about commands
# description: >-
#   The rule sets to which policies add. Each exists here, empty, so that a policy needs only those it has
#   something to say in. An element is an object with the name of its rule; what it leaves out is filled in.
# schemas:
#   - input: schema.command.input
package sallyport.command

# METADATA
# title: allow
# description: "Lets the command through if nothing denies or holds it: {rule, message, remedy}."
allow contains {"rule": ""} if false

# METADATA
# title: deny
# description: "Refuses the command whatever else is said of it: {rule, message, remedy}."
deny contains {"rule": ""} if false

# METADATA
# title: require_approval
# description: "Holds the command for people: {rule, approvers, min, expires, scope, message, remedy}."
require_approval contains {"rule": ""} if false

# METADATA
# title: mask
# description: "Hides values wherever a query takes them: {rule, columns, detectors, transform, keep}."
mask contains {"rule": ""} if false

# METADATA
# title: limit
# description: "Bounds what comes back and how long it takes: {rule, max_rows, max_bytes, timeout}."
limit contains {"rule": ""} if false

# METADATA
# title: record
# description: "What the record keeps: {rule, level}, where level is full, commands or none."
record contains {"rule": ""} if false
