import { Closed, type Static, StringEnum, Type } from "../lib/index.ts";

/** A program that a shell command runs; `via` names what runs it (`sudo`, `env`, `xargs`), the outermost first. */
const SshProgram = Closed({
	name: Type.String(),
	/** With the name first, as the program sees it. */
	argv: Type.Array(Type.String()),
	via: Type.Array(Type.String()),
	redirects: Type.Array(Closed({ op: Type.String(), path: Type.String() })),
});

/** A shell command, a line of an interactive shell, or a subsystem that is asked for. */
export const SshShellCommand = Closed({
	type: StringEnum(["exec", "shell", "shell_line", "subsystem"]),
	text: Type.String(),
	programs: Type.Array(SshProgram),
	/** True where it can't be said what runs. */
	opaque: Type.Boolean(),
});
export type SshShellCommand = Static<typeof SshShellCommand>;

/** One operation of a file transfer. */
export const SftpCommand = Closed({
	type: Type.Literal("sftp"),
	operation: Type.String({ description: "read, write, remove, rename, mkdir ..." }),
	path: Type.String(),
	/** What a rename or a link leads to; empty elsewhere. */
	target: Type.String(),
});
export type SftpCommand = Static<typeof SftpCommand>;

/** A tunnel that is asked for. */
export const ForwardCommand = Closed({
	type: Type.Literal("forward"),
	host: Type.String(),
	port: Type.Integer(),
});
export type ForwardCommand = Static<typeof ForwardCommand>;
