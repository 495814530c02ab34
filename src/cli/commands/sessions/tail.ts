import type { ReplayLine } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { showSteps } from "./steps.ts";

export const sessionsTail: AddCommand = (parent, context) => {
	gatewayCommand(parent, "tail <id>", context)
		.description("show what happened in a session and what happens in it, to its end")
		.option("--json", "as JSON, a step a line")
		.action((id: string, options: ListOptions) =>
			showSteps(
				openGateway(options, context).lines<ReplayLine>(
					`api/v1/sessions/${encodeURIComponent(id)}/replay?follow=true`,
				),
				context.terminal,
				options.json,
			),
		);
};
