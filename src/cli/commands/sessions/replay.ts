import type { ReplayLine } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";

export const sessionsReplay: AddCommand = (parent, context) => {
	gatewayCommand(parent, "replay <id>", context)
		.description("show what happened in a session, from its record")
		.option("--json", "as JSON, a step a line")
		.action(async (id: string, options: ListOptions) => {
			const { terminal } = context;
			const steps = openGateway(options, context).lines<ReplayLine>(
				`api/v1/sessions/${encodeURIComponent(id)}/replay`,
			);
			for await (const step of steps) {
				if (options.json) {
					terminal.raw(`${JSON.stringify(step)}\n`);
					continue;
				}
				const [first = "", ...rest] = step.lines;
				terminal.line(`${offset(step.at)}  ${first}`);
				for (const line of rest) terminal.line(`${" ".repeat(11)}${line}`);
			}
		});
};

/** Time since the session's start: `  00:01.234`. */
function offset(ms: number): string {
	const minutes = Math.floor(ms / 60_000);
	return `${String(minutes).padStart(2, "0")}:${((ms % 60_000) / 1_000).toFixed(3).padStart(6, "0")}`;
}
