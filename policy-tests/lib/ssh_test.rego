package sallyport.ssh_test

import data.fixtures
import data.sallyport.ssh

rm := fixtures.ssh([fixtures.program(["/bin/rm", "-rf", "/srv"])])

sudo := fixtures.ssh([object.union(fixtures.program(["systemctl", "stop", "web"]), {"via": ["/usr/bin/sudo"]})])

test_a_program_is_named_without_its_path if {
	ssh.runs("rm") with input as rm
	not ssh.runs("/bin/rm") with input as rm
	not ssh.runs("ls") with input as rm
}

test_what_runs_a_program_runs_as_well if {
	ssh.programs == {"sudo", "systemctl"} with input as sudo
	ssh.runs("sudo") with input as sudo
}

test_an_argument_is_not_the_program_itself if {
	ssh.runs_with("rm", "-rf") with input as rm
	not ssh.runs_with("rm", "/bin/rm") with input as rm
	not ssh.runs_with("ls", "-rf") with input as rm
}

redirected(op) := fixtures.ssh([object.union(
	fixtures.program(["echo", "x"]),
	{"redirects": [{"op": op, "path": "/etc/passwd"}]},
)])

test_a_redirection_writes_its_file if {
	ssh.writes_file("/etc/passwd") with input as redirected(">>")
	not ssh.writes_file("/etc/shadow") with input as redirected(">")
	not ssh.writes_file("/etc/passwd") with input as redirected("<")
}

test_a_transfer_and_a_tunnel_are_not_one_another if {
	sftp := object.union(fixtures.session, {"command": {"type": "sftp", "operation": "remove", "path": "/a", "target": ""}})
	ssh.transfers("remove") with input as sftp
	not ssh.transfers("read") with input as sftp
	not ssh.forwards_to("db", 5432) with input as sftp
	tunnel := object.union(fixtures.session, {"command": {"type": "forward", "host": "db", "port": 5432}})
	ssh.forwards_to("db", 5432) with input as tunnel
	not ssh.forwards_to("db", 22) with input as tunnel
	not ssh.transfers("remove") with input as tunnel
}

test_opacity_is_that_of_shell_commands if {
	ssh.opaque with input as object.union(rm, {"command": {"opaque": true}})
	not ssh.opaque with input as rm
	not ssh.opaque with input as fixtures.command({"opaque": true})
}

test_sql_runs_no_programs if {
	ssh.programs == set() with input as fixtures.command({})
}
