# Personal data: on when `data.sallyport.packs.pii` lists `columns` or `detect`, unless `enabled` is false. The listed columns
# are masked wherever a query takes them, and like those of every other mask they may not be used in ways that tell
# their values past it (`command/masked.rego`); `permit` says which of these ways are open all the same.
#
#     pii:
#       columns:
#         - {columns: [public.customers.email, public.customers.phone], transform: partial, keep: 4, permit: [equality]}
#         - {columns: ["public.staff.*", "*.*.password"], transform: redact}
#         - {columns: ["public.orders.payload#>>{card,number}"], transform: "null"}
#       detect:                              # what is looked for in all other values, and in errors and notices
#         - {columns: ["*"], detectors: [email, card, iban, employee]}
#       expressions: {employee: "E-[0-9]{6}"}  # own detectors, in RE2's syntax
#       names: [Ada Lovelace]                # whom the detector `person` finds
#       clear_for: [group:corp/privacy]      # who sees them as they are
#
# `detect` works without `columns`. What is found is replaced by its kind, `[email]`; nothing is refused for it.
package sallyport.command

import data.sallyport.principal

# METADATA
# description: True when columns are listed and the principal is not one who sees them as they are.
pii if {
	data.sallyport.packs.pii.columns[0]
	not data.sallyport.packs.pii.enabled == false
	not pii_clear
}

# METADATA
# description: True for a principal who sees the listed columns as they are.
pii_clear if principal.is_any(data.sallyport.packs.pii.clear_for)

# METADATA
# title: Personal data is masked
# description: All that is listed; the gateway finds what of it a command returns.
mask contains object.union({"rule": "pii"}, group) if {
	pii
	some group in data.sallyport.packs.pii.columns
}

# METADATA
# title: Personal data is looked for
# description: In every value of the columns, whatever table it comes from; `*` means constants and errors as well.
mask contains object.union({"rule": "pii-detect"}, group) if {
	not data.sallyport.packs.pii.enabled == false
	not pii_clear
	some group in data.sallyport.packs.pii.detect
}
