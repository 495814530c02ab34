import type { ReplayLine } from "../../answers.ts";
import type { Terminal } from "../../terminal.ts";

/** Shows a session's steps as they come. */
export async function showSteps(
	steps: AsyncIterable<ReplayLine>,
	terminal: Terminal,
	json: true | undefined,
): Promise<void> {
	for await (const step of steps) {
		if (json) {
			terminal.raw(`${JSON.stringify(step)}\n`);
			continue;
		}
		const [first = "", ...rest] = step.lines;
		terminal.line(`${offset(step.at)}  ${first}`);
		for (const line of rest) terminal.line(`${" ".repeat(11)}${line}`);
	}
}

/** Time since the session's start: `  00:01.234`. */
function offset(ms: number): string {
	const minutes = Math.floor(ms / 60_000);
	return `${String(minutes).padStart(2, "0")}:${((ms % 60_000) / 1_000).toFixed(3).padStart(6, "0")}`;
}
