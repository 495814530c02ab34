import type { ConnectionTrial } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { GatewayFailure } from "../../errors.ts";

/** Exit code 1 when the upstream can't be used. */
export const connectionsTest: AddCommand = (parent, context) => {
	gatewayCommand(parent, "test <name>", context)
		.description("have the gateway try a connection's upstream")
		.option("--json", "as JSON")
		.action(async (name: string, options: ListOptions) => {
			const path = `api/v1/connections/${encodeURIComponent(name)}/test`;
			const trial = await openGateway(options, context).json<ConnectionTrial>("POST", path);
			if (options.json) context.terminal.json(trial);
			if (trial.error !== null)
				throw new GatewayFailure(trial.error.code, trial.error.message, trial.error.remedy);
			if (options.json) return;
			context.terminal.facts([
				["server", trial.server_version],
				["encrypted", trial.encrypted === null ? null : trial.encrypted ? "yes" : "no"],
				["took", `${trial.milliseconds.toFixed(0)} ms`],
			]);
		});
};
