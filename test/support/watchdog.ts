import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** Sees to it that a process, and a directory, go when this process goes. */
export interface Watchdog {
	/** To be called when the process has ended. Removes the directory, and answers when it is gone. */
	release(): Promise<void>;
}

const SCRIPT = `
trap "" INT TERM HUP
read -r word
[ "$word" = ended ] || kill -KILL "$1" 2>/dev/null
[ -z "$2" ] || rm -rf "$2"
`;

/** A shell that waits for a word from us, or for our end, which closes its input: exit hooks alone miss a SIGKILL. */
export function watchdog(child: ChildProcess, directory: string | null): Watchdog {
	const shell = spawn("/bin/sh", ["-c", SCRIPT, "sh", String(child.pid), directory ?? ""], {
		stdio: ["pipe", "ignore", "ignore"],
		cwd: "/",
		detached: true,
	});
	shell.unref();
	(shell.stdin as unknown as { unref(): void }).unref();
	return {
		release: async () => {
			if (shell.exitCode !== null || shell.signalCode !== null) return;
			shell.ref();
			const gone = once(shell, "exit");
			shell.stdin.end("ended\n");
			await gone;
		},
	};
}

/** Lets this process end though the child still runs. */
export function unreferenced(child: ChildProcess): void {
	child.unref();
	for (const stream of [child.stdout, child.stderr]) (stream as unknown as { unref(): void } | null)?.unref();
}
