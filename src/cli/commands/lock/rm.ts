import { type AddCommand, gatewayCommand, openGateway } from "../../context.ts";
import type { GatewayOptions } from "../../gateway.ts";

export const lockRm: AddCommand = (parent, context) => {
	gatewayCommand(parent, "rm <id>", context)
		.description("remove a lock")
		.action(async (id: string, options: GatewayOptions) => {
			await openGateway(options, context).json("DELETE", `api/v1/locks/${encodeURIComponent(id)}`);
			context.terminal.line(`removed ${id}`);
		});
};
