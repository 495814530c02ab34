# METADATA
# title: Decisions about the control plane
# description: >-
#   The rule sets to which policies add. Each exists here, empty, so that a policy needs only those it has
#   something to say in.
# schemas:
#   - input: schema.admin.input
package sallyport.admin

# METADATA
# title: allow
# description: "Permits it if nothing denies it: {rule, message, remedy}."
allow contains {"rule": ""} if false

# METADATA
# title: deny
# description: "Refuses it whatever else is said of it: {rule, message, remedy}."
deny contains {"rule": ""} if false
