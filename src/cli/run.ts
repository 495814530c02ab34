import { CommanderError } from "commander";
import { ConfigError } from "../config/index.ts";
import { SallyportError } from "../lib/index.ts";
import type { Surroundings } from "./context.ts";
import { createProgram } from "./program.ts";
import type { Terminal } from "./terminal.ts";

const FAILED = 1;
const WRONG_USAGE = 2;

/** Runs one command line (without the program's own name) and answers its exit code: 0, 1 failed, 2 wrong usage. */
export async function run(words: readonly string[], surroundings: Surroundings): Promise<number> {
	let exitCode = 0;
	const setExitCode = (code: number) => {
		exitCode = code;
	};
	try {
		await createProgram({ ...surroundings, setExitCode }).parseAsync(words, { from: "user" });
		return exitCode;
	} catch (thrown) {
		return report(thrown, surroundings.terminal);
	}
}

/** Says what went wrong and what to do about it. */
function report(thrown: unknown, terminal: Terminal): number {
	if (thrown instanceof CommanderError) {
		// Commander has said it already. Help that was asked for is no mistake.
		return thrown.exitCode === 0 ? 0 : WRONG_USAGE;
	}
	if (thrown instanceof ConfigError) {
		terminal.note(thrown.message);
		return FAILED;
	}
	if (thrown instanceof SallyportError) {
		terminal.note(`error: ${thrown.message}`);
		if (thrown.operator !== undefined) terminal.note(`detail: ${thrown.operator}`);
		terminal.note(`remedy: ${thrown.remedy}`);
		terminal.note(`code: ${thrown.code}`);
		return FAILED;
	}
	terminal.note(`error: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`);
	terminal.note("remedy: This is a fault in Sallyport: report it with the command that you ran.");
	terminal.note("code: internal");
	return FAILED;
}
