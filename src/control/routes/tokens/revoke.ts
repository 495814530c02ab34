import { pathParameter, resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { Done, guardedFailures, IdParameters } from "../../schemas/common.ts";
import type { App } from "../../server.ts";
import { tokenResource } from "./resource.ts";

/** Ends a token for good, and the sessions that were opened with it. */
export function revokeToken(app: App, { ports }: Control): void {
	app.delete(
		"/api/v1/tokens/:id",
		{
			config: {
				access: {
					action: "tokens:revoke",
					resource: (request) => {
						const token = ports.tokens.get(pathParameter(request, "id"));
						return token === undefined
							? resource("token", pathParameter(request, "id"))
							: tokenResource(token);
					},
					recorded: true,
				},
			},
			schema: {
				summary: "Revoke an API token",
				params: IdParameters,
				response: { 200: Done, ...guardedFailures },
			},
		},
		async (request) => {
			ports.tokens.revoke(request.params.id);
			return { done: true as const };
		},
	);
}
