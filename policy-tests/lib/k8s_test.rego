package sallyport.k8s_test

import data.fixtures
import data.sallyport.k8s

test_a_verb_and_a_resource_belong_together if {
	k8s.verb_on("delete", "secrets") with input as fixtures.kubernetes({"verb": "delete", "resource": "secrets"})
	not k8s.verb_on("delete", "pods") with input as fixtures.kubernetes({"verb": "delete", "resource": "secrets"})
	not k8s.verb_on("get", "secrets") with input as fixtures.kubernetes({"verb": "delete", "resource": "secrets"})
}

test_a_subresource_is_named_with_its_resource if {
	exec := fixtures.kubernetes({"verb": "create", "subresource": "exec"})
	k8s.verb_on("create", "pods/exec") with input as exec
	not k8s.verb_on("create", "pods") with input as exec
	k8s.verb_on("get", "pods") with input as fixtures.kubernetes({"subresource": ""})
}

test_the_namespace_is_compared if {
	k8s.in_namespace("default") with input as fixtures.kubernetes({})
	not k8s.in_namespace("kube-system") with input as fixtures.kubernetes({})
	not k8s.in_namespace("default") with input as fixtures.kubernetes({"namespace": null})
}

test_running_something_in_a_pod_is_no_read if {
	k8s.reads with input as fixtures.kubernetes({"verb": "list"})
	not k8s.reads with input as fixtures.kubernetes({"verb": "patch"})
	not k8s.reads with input as fixtures.kubernetes({"subresource": "exec"})
	k8s.executes with input as fixtures.kubernetes({"subresource": "portforward"})
	not k8s.executes with input as fixtures.kubernetes({"subresource": "log"})
}

test_a_dry_run_says_so if {
	k8s.dry_run with input as fixtures.kubernetes({"dry_run": true})
	not k8s.dry_run with input as fixtures.kubernetes({})
}

test_sql_is_no_request if {
	not k8s.verb_on("get", "pods") with input as fixtures.command({})
	not k8s.reads with input as fixtures.command({})
}
