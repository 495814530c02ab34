import type { ApprovalAnswer } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { localTime } from "../../terminal.ts";

interface Options extends ListOptions {
	readonly all?: true;
}

const SHOWN = 60;

export const approvalsLs: AddCommand = (parent, context) => {
	gatewayCommand(parent, "ls", context)
		.description("list the commands that wait for approval")
		.option("--all", "those that were answered or expired too")
		.option("--json", "as JSON")
		.action(async (options: Options) => {
			const path = `api/v1/approvals${options.all ? "?state=all" : ""}`;
			const { approvals } = await openGateway(options, context).json<{ approvals: ApprovalAnswer[] }>(
				"GET",
				path,
			);
			if (options.json) return context.terminal.json(approvals);
			context.terminal.table(
				["ID", "STATE", "WHO", "CONNECTION", "RULE", "UNTIL", "COMMAND"],
				approvals.map(({ id, state, principal, connection, requirement, expires_at, display }) => [
					id,
					state,
					principal.subject,
					connection,
					requirement.rule,
					localTime(expires_at),
					shortened(display.text),
				]),
				"Nothing waits for approval that you may see.",
			);
		});
};

/** For the list only; `approvals show` cuts nothing. */
function shortened(text: string): string {
	const line = text.replace(/\s+/g, " ");
	return line.length <= SHOWN ? line : `${line.slice(0, SHOWN)}... (${text.length} characters)`;
}
