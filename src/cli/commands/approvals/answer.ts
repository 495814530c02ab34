import type { ApprovalAnswer } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";

interface Options extends ListOptions {
	readonly reason?: string;
}

/** `approvals approve` and `approvals deny`. */
export const approveOrDeny: AddCommand = (parent, context) => {
	for (const verdict of ["approve", "deny"] as const) {
		gatewayCommand(parent, `${verdict} <id>`, context)
			.description(verdict === "approve" ? "approve a command that waits" : "deny a command that waits")
			.option("--reason <text>", "why; kept in the record")
			.option("--json", "as JSON")
			.action(async (id: string, options: Options) => {
				const { reason } = options;
				const path = `api/v1/approvals/${encodeURIComponent(id)}/${verdict}`;
				const body = reason === undefined ? {} : { reason };
				const approval = await openGateway(options, context).json<ApprovalAnswer>("POST", path, body);
				if (options.json) return context.terminal.json(approval);
				const wanted = approval.missing > 0 ? `, ${approval.missing} more wanted` : "";
				context.terminal.line(`${id}: ${approval.state}${wanted}`);
			});
	}
};
