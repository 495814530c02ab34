package sallyport.packs_test.limits

import data.fixtures
import data.sallyport.command

limits(settings) := decision.limits if {
	decision := command.decision with input as fixtures.command({}) with data.sallyport.packs.limits as settings
}

test_what_data_sets_bounds_every_command if {
	limits({"max_rows": 100, "timeout": "30s"}) == {"max_rows": 100, "max_bytes": null, "timeout": "30s"}
	limits({"max_bytes": 1024}) == {"max_rows": null, "max_bytes": 1024, "timeout": null}
}

test_turned_off_nothing_is_bounded if {
	limits({"enabled": false, "max_rows": 100}) == {"max_rows": null, "max_bytes": null, "timeout": null}
}
