import type { ReplayLine } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { showSteps } from "./steps.ts";

export const sessionsReplay: AddCommand = (parent, context) => {
	gatewayCommand(parent, "replay <id>", context)
		.description("show what happened in a session, from its record")
		.option("--json", "as JSON, a step a line")
		.action((id: string, options: ListOptions) =>
			showSteps(
				openGateway(options, context).lines<ReplayLine>(`api/v1/sessions/${encodeURIComponent(id)}/replay`),
				context.terminal,
				options.json,
			),
		);
};
