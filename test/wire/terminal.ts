import { spawn } from "node:child_process";
import { findProgram } from "../support/clients/programs.ts";

const TIMEOUT_MS = 30_000;

/** A program on a terminal of its own, which util-linux's `script` makes: what is typed to it, and what it shows. */
export interface Terminal {
	/** Types, and resolves with what is shown from then on, up to and with the text. */
	type(keys: string, until: string): Promise<string>;
	close(): void;
}

export function openTerminal(command: readonly string[]): Terminal {
	const script = findProgram("script");
	if (script === undefined) throw new Error("script is missing: install util-linux (Debian: bsdutils)");
	const line = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
	const env = {
		...process.env,
		TERM: "dumb",
		INPUTRC: "/dev/null",
		LC_ALL: "C.UTF-8",
		PSQL_HISTORY: "/dev/null",
	};
	const child = spawn(script, ["-qefc", line, "/dev/null"], {
		env,
		timeout: TIMEOUT_MS,
		killSignal: "SIGKILL",
		stdio: ["pipe", "pipe", "inherit"],
	});
	let shown = "";
	let ended = false;
	let changed = () => {};
	child.stdin.on("error", () => {}); // it ended, which `type` tells
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		shown += text;
		changed();
	});
	child.on("close", () => {
		ended = true;
		changed();
	});
	return {
		type: async (keys, until) => {
			child.stdin.write(keys);
			for (;;) {
				const at = shown.indexOf(until);
				if (at >= 0) {
					const answer = shown.slice(0, at + until.length);
					shown = shown.slice(answer.length);
					return answer;
				}
				if (ended) throw new Error(`${command[0]} ended and showed\n${shown}`);
				await new Promise<void>((resolve) => {
					changed = resolve;
				});
			}
		},
		close: () => void child.kill("SIGKILL"),
	};
}
