import type { ApprovalAnswer } from "../../answers.ts";
import { approvalFacts } from "../../approval.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";

export const approvalsShow: AddCommand = (parent, context) => {
	gatewayCommand(parent, "show <id>", context)
		.description("show exactly what will run, by whom, where and why")
		.option("--json", "as JSON")
		.action(async (id: string, options: ListOptions) => {
			const path = `api/v1/approvals/${encodeURIComponent(id)}`;
			const approval = await openGateway(options, context).json<ApprovalAnswer>("GET", path);
			if (options.json) return context.terminal.json(approval);
			context.terminal.facts(approvalFacts(approval));
		});
};
