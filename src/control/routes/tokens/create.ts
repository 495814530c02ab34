import { parseDuration } from "../../../lib/index.ts";
import type { Control } from "../../app.ts";
import { ControlError } from "../../errors.ts";
import { guardedFailures } from "../../schemas/common.ts";
import { NewToken, TokenRequest } from "../../schemas/tokens.ts";
import type { App } from "../../server.ts";
import { tokenView } from "../../views.ts";
import { requestedToken } from "./resource.ts";

export function createToken(app: App, { guard, ports }: Control): void {
	app.post(
		"/api/v1/tokens",
		{
			config: {
				access: {
					action: "tokens:create",
					resource: (request, caller) => requestedToken(request.body as TokenRequest, caller),
					inBody: true,
					recorded: true,
				},
			},
			schema: {
				summary: "Make an API token",
				body: TokenRequest,
				response: { 201: NewToken, ...guardedFailures },
			},
		},
		async (request, reply) => {
			const { subject, kind, groups = [], expires_in } = request.body;
			const lifetime = parseDuration(expires_in);
			if (lifetime === undefined) throw new ControlError("request_invalid", "expires_in is not a duration.");
			const expiresAt = ports.clock.now() + lifetime;
			const by = guard.caller(request).identity.principal;
			const { token, record } = ports.tokens.create({ subject, kind, groups, expiresAt }, by);
			return reply.status(201).send({ token, record: tokenView(record) });
		},
	);
}
