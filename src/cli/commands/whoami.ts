import type { Whoami } from "../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../context.ts";
import { localTime } from "../terminal.ts";

export const whoami: AddCommand = (parent, context) => {
	gatewayCommand(parent, "whoami", context)
		.description("show who the token stands for")
		.option("--json", "as JSON")
		.action(async (options: ListOptions) => {
			const answer = await openGateway(options, context).json<Whoami>("GET", "api/v1/whoami");
			if (options.json) return context.terminal.json(answer);
			const { principal, credential } = answer;
			context.terminal.facts([
				["subject", principal.subject],
				["kind", principal.kind],
				["provider", principal.provider],
				["groups", principal.groups.join(", ") || "-"],
				["on behalf of", principal.on_behalf_of?.subject ?? null],
				["credential", `${credential.kind} ${credential.id}`],
				["expires", credential.expires_at === null ? "never" : localTime(credential.expires_at)],
			]);
		});
};
