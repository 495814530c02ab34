import { candidateArchive } from "../../../candidate.ts";
import { type AddCommand, gatewayCommand, openGateway } from "../../../context.ts";
import type { GatewayOptions } from "../../../gateway.ts";
import { share } from "../../../values.ts";

interface Options extends GatewayOptions {
	readonly candidate: string;
	readonly share: number;
}

export const shadowStart: AddCommand = (parent, context) => {
	gatewayCommand(parent, "start", context)
		.description(
			"run a candidate beside the live policy, in place of the one that does; it changes no answer",
		)
		.requiredOption("--candidate <path>", "a policy directory, which is built first, or a bundle")
		.option("--share <share>", "of the live decisions, how many it is asked about, as 0.1", share, 1)
		.action(async (options: Options) => {
			const { terminal } = context;
			const archive = await candidateArchive(options.candidate, terminal);
			const path = `api/v1/policy/shadow?share=${options.share}`;
			await openGateway(options, context).upload(path, archive, "application/vnd.openpolicyagent.bundles");
			terminal.line(`asked about ${options.share * 100} % of the decisions from now on`);
		});
};
