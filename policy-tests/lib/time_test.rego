package sallyport.time_test

import data.fixtures
import data.sallyport.time

at(weekday, hour) := object.union(fixtures.session, {"time": {"weekday": weekday, "hour": hour}})

test_a_window_holds_on_its_days_from_its_first_hour_until_its_last if {
	window := {"weekdays": ["Monday"], "from_hour": 9, "to_hour": 17}
	time.within(window) with input as at("Monday", 9)
	time.within(window) with input as at("Monday", 16)
	not time.within(window) with input as at("Monday", 17)
	not time.within(window) with input as at("Monday", 8)
	not time.within(window) with input as at("Tuesday", 10)
}

test_a_window_may_go_over_midnight if {
	window := {"from_hour": 22, "to_hour": 4}
	time.within(window) with input as at("Sunday", 23)
	time.within(window) with input as at("Sunday", 3)
	not time.within(window) with input as at("Sunday", 4)
	not time.within(window) with input as at("Sunday", 21)
}

test_an_empty_window_is_always_open if {
	every hour in numbers.range(0, 23) {
		time.within({}) with input as at("Saturday", hour)
	}
}

test_a_window_that_ends_where_it_begins_never_opens if {
	every hour in numbers.range(0, 23) {
		not time.within({"from_hour": 9, "to_hour": 9}) with input as at("Saturday", hour)
	}
}

test_workdays_are_five if {
	time.within({"weekdays": time.workdays}) with input as at("Friday", 1)
	not time.within({"weekdays": time.workdays}) with input as at("Saturday", 1)
}
