import type { TokenAnswer } from "../../answers.ts";
import { type AddCommand, gatewayCommand, type ListOptions, openGateway } from "../../context.ts";
import { localTime } from "../../terminal.ts";

export const tokenLs: AddCommand = (parent, context) => {
	gatewayCommand(parent, "ls", context)
		.description("list API tokens")
		.option("--json", "as JSON")
		.action(async (options: ListOptions) => {
			const gateway = openGateway(options, context);
			const { tokens } = await gateway.json<{ tokens: TokenAnswer[] }>("GET", "api/v1/tokens");
			if (options.json) return context.terminal.json(tokens);
			context.terminal.table(
				["ID", "SUBJECT", "KIND", "GROUPS", "OWNERS", "EXPIRES", "STATE"],
				tokens.map((token) => [
					token.id,
					token.subject,
					token.kind,
					token.groups.join(",") || "-",
					token.owners.map(({ subject }) => subject).join(",") || "-",
					localTime(token.expires_at),
					stateOf(token),
				]),
				"There are no tokens that you may see.",
			);
		});
};

function stateOf({ revoked_at, expires_at }: TokenAnswer): string {
	if (revoked_at !== null) return "revoked";
	return Date.parse(expires_at) <= Date.now() ? "expired" : "good";
}
