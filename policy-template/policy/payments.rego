package sallyport.command

import data.sallyport.principal
import data.sallyport.sql

# METADATA
# title: Payments are changed by people
# description: An agent may read them, in so far as the packs let it.
deny contains {
	"rule": "payments-by-people",
	"message": "payments are changed by people only",
	"remedy": "hand the change to somebody in finance",
} if {
	principal.is_agent
	sql.writes_to("public.payments")
}
