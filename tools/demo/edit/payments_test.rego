package payments_test

import data.sallyport.command
import data.shop_test

test_agents_do_not_read_payments if {
	decision := command.decision with input as shop_test.read("agent", "payments")
	decision.action == "deny"
	decision.reasons[0].rule == "payments-audit"
}

test_people_do if {
	decision := command.decision with input as shop_test.read("human", "payments")
	decision.action == "allow"
}

test_agents_read_everything_else if {
	decision := command.decision with input as shop_test.read("agent", "orders")
	decision.action == "allow"
}
