import { type AddCommand, gatewayCommand, openGateway } from "../../context.ts";
import type { GatewayOptions } from "../../gateway.ts";

interface Options extends GatewayOptions {
	readonly message?: string;
}

export const sessionsKill: AddCommand = (parent, context) => {
	gatewayCommand(parent, "kill <id>", context)
		.description("end an open session at once")
		.option("--message <text>", "what its client is told")
		.action(async (id: string, options: Options) => {
			const { message } = options;
			const path = `api/v1/sessions/${encodeURIComponent(id)}/kill`;
			await openGateway(options, context).json("POST", path, message === undefined ? {} : { message });
			context.terminal.line(`ended ${id}`);
		});
};
