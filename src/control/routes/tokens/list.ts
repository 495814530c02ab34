import { ownResource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { guardedFailures } from "../../schemas/common.ts";
import { TokenList } from "../../schemas/tokens.ts";
import type { App } from "../../server.ts";
import { tokenView } from "../../views.ts";
import { tokenResource } from "./resource.ts";

/** The API tokens that the caller may see, with expiry and owners, never the tokens themselves. */
export function listTokens(app: App, { guard, ports }: Control): void {
	app.get(
		"/api/v1/tokens",
		{
			config: {
				access: {
					action: "tokens:list",
					resource: (_request, caller) => ownResource("token", caller),
					recorded: false,
				},
			},
			schema: { summary: "API tokens", response: { 200: TokenList, ...guardedFailures } },
		},
		async (request) => ({
			tokens: ports.tokens
				.list()
				.filter((token) => guard.allows(request, "tokens:list", tokenResource(token)))
				.map(tokenView),
		}),
	);
}
