package payments_test

import data.inputs
import data.sallyport.command

test_an_agent_does_not_write_payments if {
	decision := command.decision with input as inputs.write("agent", "public.payments")
	decision.action == "deny"
	decision.reasons[0].rule == "payments-by-people"
}

test_a_person_does if {
	decision := command.decision with input as inputs.write("human", "public.payments")
	decision.action == "allow"
}

test_an_agent_writes_elsewhere if {
	decision := command.decision with input as inputs.write("agent", "public.orders")
	decision.action == "allow"
}
