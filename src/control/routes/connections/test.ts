import type { Control } from "../../app.ts";
import { ControlError } from "../../errors.ts";
import { guardedFailures, NameParameters } from "../../schemas/common.ts";
import { ConnectionTrial } from "../../schemas/connections.ts";
import type { App } from "../../server.ts";
import { connectionAccess } from "./list.ts";

/** Tries the upstream with the gateway's own credentials and tells how it went, never what they are. */
export function testConnection(app: App, control: Control): void {
	const { ports } = control;
	app.post(
		"/api/v1/connections/:name/test",
		{
			config: { access: connectionAccess(control, "connections:test") },
			schema: {
				summary: "Try a connection's upstream",
				params: NameParameters,
				response: { 200: ConnectionTrial, ...guardedFailures },
			},
		},
		async (request) => {
			const { name } = request.params;
			if (ports.connections.get(name) === undefined) {
				throw new ControlError("not_found", `There is no connection ${name}.`);
			}
			return ports.connections.test(name);
		},
	);
}
