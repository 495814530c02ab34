package sallyport.command

import data.sallyport.sql

# While the auditors are at work.
deny contains {
	"rule": "payments-audit",
	"message": "payments are closed to agents during the audit",
	"remedy": "ask somebody in finance",
} if {
	input.principal.kind == "agent"
	sql.touches("public.payments")
}
