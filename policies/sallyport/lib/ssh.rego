# METADATA
# title: SSH
# description: >-
#   What a shell command runs, what a file transfer does and where a tunnel leads. Nothing here is true of a command of
#   another kind.
# schemas:
#   - input: schema.command.input
#   - data.sallyport.packs: schema.packs
package sallyport.ssh

# METADATA
# description: True when the command runs the program, by its name without a path, itself or by sudo and its like.
runs(name) if name in programs

# METADATA
# description: True when the command runs the program with this argument.
runs_with(name, argument) if {
	some program in input.command.programs
	base_name(program.name) == name
	argument in array.slice(program.argv, 1, count(program.argv))
}

# METADATA
# description: The names of the programs that the command runs, without their paths, those that run others included.
programs contains base_name(program.name) if some program in input.command.programs

programs contains base_name(name) if {
	some program in input.command.programs
	some name in program.via
}

# METADATA
# description: The last part of a path, which is the program's name.
base_name(path) := parts[count(parts) - 1] if parts := split(path, "/")

# METADATA
# description: True when a redirection of the command writes into the file.
writes_file(path) if {
	some program in input.command.programs
	some redirect in program.redirects
	redirect.path == path
	contains(redirect.op, ">")
}

# METADATA
# description: True for a file transfer that does this (`read`, `write`, `remove`, `rename`, `mkdir` ...).
transfers(operation) if {
	input.command.type == "sftp"
	input.command.operation == operation
}

# METADATA
# description: True for a tunnel to the host and port.
forwards_to(host, port) if {
	input.command.type == "forward"
	input.command.host == host
	input.command.port == port
}

# METADATA
# description: True for a shell command of which it can't be said what it runs.
opaque if {
	input.command.type in {"exec", "shell", "shell_line"}
	input.command.opaque
}
