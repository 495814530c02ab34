import type { Control } from "../../app.ts";
import { ControlError } from "../../errors.ts";
import { guardedFailures, IdParameters } from "../../schemas/common.ts";
import { SessionView } from "../../schemas/sessions.ts";
import type { App } from "../../server.ts";
import { findSession } from "../../sessions.ts";
import { namedSession } from "./resource.ts";

export function showSession(app: App, { ports }: Control): void {
	app.get(
		"/api/v1/sessions/:id",
		{
			config: {
				access: {
					action: "sessions:read",
					resource: (request) => namedSession(request, ports),
					recorded: false,
				},
			},
			schema: {
				summary: "A session",
				params: IdParameters,
				response: { 200: SessionView, ...guardedFailures },
			},
		},
		async (request) => {
			const session = await findSession(request.params.id, ports);
			if (session === undefined)
				throw new ControlError("not_found", `There is no session ${request.params.id}.`);
			return session;
		},
	);
}
