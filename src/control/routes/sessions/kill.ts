import { Closed, Type } from "../../../lib/index.ts";
import type { Control } from "../../app.ts";
import { ControlError } from "../../errors.ts";
import { Done, guardedFailures, IdParameters } from "../../schemas/common.ts";
import type { App } from "../../server.ts";
import { namedSession } from "./resource.ts";

const Body = Closed({
	message: Type.Optional(
		Type.String({ maxLength: 500, pattern: "^[^\\p{Cc}]*$", description: "What the client is told." }),
	),
});

export function killSession(app: App, { ports }: Control): void {
	app.post(
		"/api/v1/sessions/:id/kill",
		{
			config: {
				access: {
					action: "sessions:kill",
					resource: (request) => namedSession(request, ports),
					recorded: true,
				},
			},
			schema: {
				summary: "End an open session",
				params: IdParameters,
				body: Body,
				response: { 200: Done, ...guardedFailures },
			},
		},
		async (request) => {
			const { id } = request.params;
			const message = request.body.message ?? "An operator ended the session.";
			if (!ports.sessions.kill(id, message))
				throw new ControlError("not_found", `There is no open session ${id}.`);
			return { done: true as const };
		},
	);
}
