import { Closed, type Static, Type } from "../../../lib/index.ts";
import type { Control } from "../../app.ts";
import { ControlError } from "../../errors.ts";
import { guardedFailures } from "../../schemas/common.ts";
import type { App } from "../../server.ts";

const Body = Closed({
	connection: Type.String({ minLength: 1, maxLength: 200 }),
	token: Type.String({ maxLength: 2_000_000, pattern: "^tok_[A-Za-z0-9_-]*$" }),
});

/** The value behind a token that the mask `tokenise` put in its place. The record says who asked for which. */
export function revealValue(app: App, { ports }: Control): void {
	app.post(
		"/api/v1/values/reveal",
		{
			config: {
				access: {
					action: "values:reveal",
					resource: (request) => {
						const { connection, token } = request.body as Static<typeof Body>;
						const labels = ports.connections.get(connection)?.labels ?? {};
						return { type: "value", id: token.slice(0, 128), owner: null, connection, labels };
					},
					inBody: true,
					recorded: true,
				},
			},
			schema: {
				summary: "The value behind a token of a masked column",
				body: Body,
				response: { 200: Closed({ value: Type.String() }), ...guardedFailures },
			},
		},
		async (request) => {
			const { connection, token } = request.body;
			const known = ports.connections.get(connection) !== undefined;
			const value = known ? ports.maskKeys.reveal(connection, token) : null;
			if (value === null) throw new ControlError("not_found", "That is no token of this connection.");
			return { value };
		},
	);
}
