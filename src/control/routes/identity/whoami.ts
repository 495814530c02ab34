import { Closed, Nullable, StringEnum, Type } from "../../../lib/index.ts";
import { ownResource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { guardedFailures, Instant, PrincipalView } from "../../schemas/common.ts";
import type { App } from "../../server.ts";
import { instant, principalView } from "../../views.ts";

const Whoami = Closed({
	principal: PrincipalView,
	credential: Closed({
		id: Type.String(),
		kind: StringEnum(["static", "api", "jwt"]),
		expires_at: Nullable(Instant),
	}),
});

export function whoami(app: App, { guard }: Control): void {
	app.get(
		"/api/v1/whoami",
		{
			config: {
				access: {
					action: "identity:whoami",
					resource: (_request, caller) => ownResource("identity", caller),
					recorded: false,
				},
			},
			schema: { summary: "Who the token stands for", response: { 200: Whoami, ...guardedFailures } },
		},
		async (request) => {
			const { principal, credential } = guard.caller(request).identity;
			const { id, kind, expiresAt } = credential;
			return {
				principal: principalView(principal),
				credential: { id, kind, expires_at: expiresAt === null ? null : instant(expiresAt) },
			};
		},
	);
}
