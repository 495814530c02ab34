import { type AddCommand, gatewayCommand, openGateway } from "../../../context.ts";
import type { GatewayOptions } from "../../../gateway.ts";

export const shadowStop: AddCommand = (parent, context) => {
	gatewayCommand(parent, "stop", context)
		.description("end the candidate beside the live policy")
		.action(async (options: GatewayOptions) => {
			await openGateway(options, context).json("DELETE", "api/v1/policy/shadow");
			context.terminal.line("no candidate runs");
		});
};
