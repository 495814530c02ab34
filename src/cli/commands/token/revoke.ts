import { type AddCommand, gatewayCommand, openGateway } from "../../context.ts";
import type { GatewayOptions } from "../../gateway.ts";

export const tokenRevoke: AddCommand = (parent, context) => {
	gatewayCommand(parent, "revoke <id>", context)
		.description("end a token for good, and the sessions opened with it")
		.action(async (id: string, options: GatewayOptions) => {
			await openGateway(options, context).json("DELETE", `api/v1/tokens/${encodeURIComponent(id)}`);
			context.terminal.line(`revoked ${id}`);
		});
};
