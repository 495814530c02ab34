import { Option } from "commander";
import type { TokenAnswer } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { localTime } from "../../terminal.ts";
import { duration } from "../../values.ts";

interface Options extends ListOptions {
	readonly subject: string;
	readonly kind: string;
	readonly group: string[];
	readonly expires: string;
}

/** The token alone goes to stdout, so that it can be piped; it is shown this once. */
export const tokenCreate: AddCommand = (parent, context) => {
	gatewayCommand(parent, "create", context)
		.description("make an API token")
		.requiredOption("--subject <name>", "who presents it")
		.addOption(
			new Option("--kind <kind>", "what presents it").choices(["human", "agent", "service"]).default("agent"),
		)
		.option("--group <name...>", "groups of the provider `api`", [])
		.requiredOption("--expires <duration>", "how long it lives: 30m, 8h, 90d", duration)
		.option("--json", "as JSON")
		.action(async (options: Options) => {
			const { subject, kind, group: groups, expires: expires_in } = options;
			const body = { subject, kind, groups, expires_in };
			const answer = await openGateway(options, context).json<{ token: string; record: TokenAnswer }>(
				"POST",
				"api/v1/tokens",
				body,
			);
			if (options.json) return context.terminal.json(answer);
			context.terminal.line(answer.token);
			context.terminal.note(`Token ${answer.record.id}, good until ${localTime(answer.record.expires_at)}.`);
			context.terminal.note("It is shown this once.");
		});
};
