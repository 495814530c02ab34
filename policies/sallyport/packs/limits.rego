# Bounds on every command: on when `data.sallyport.packs.limits` gives some, unless `enabled` is false. Where a rule
# sets a smaller one, that holds.
#
#     limits:
#       max_rows: 10000
#       max_bytes: 67108864
#       timeout: 30s
package sallyport.command

# METADATA
# title: Bounds on every command
# description: Each of them is optional.
limit contains {
	"rule": "limits",
	"max_rows": object.get(data.sallyport.packs.limits, "max_rows", null),
	"max_bytes": object.get(data.sallyport.packs.limits, "max_bytes", null),
	"timeout": object.get(data.sallyport.packs.limits, "timeout", null),
} if {
	data.sallyport.packs.limits
	not data.sallyport.packs.limits.enabled == false
}
