import type { Control } from "../../app.ts";
import { ControlError } from "../../errors.ts";
import { guardedFailures, NameParameters } from "../../schemas/common.ts";
import { ConnectionScan, ScanRequest } from "../../schemas/connections.ts";
import type { App } from "../../server.ts";
import { connectionAccess } from "./list.ts";

/** Samples the upstream's tables and tells which columns look like personal data, with counts and never a value. */
export function scanConnection(app: App, control: Control): void {
	const { ports } = control;
	app.post(
		"/api/v1/connections/:name/scan",
		{
			config: { access: connectionAccess(control, "connections:scan") },
			schema: {
				summary: "Propose the columns of a connection that suggest personal data",
				params: NameParameters,
				body: ScanRequest,
				response: { 200: ConnectionScan, ...guardedFailures },
			},
		},
		async (request) => {
			const { name } = request.params;
			if (ports.connections.get(name) === undefined) {
				throw new ControlError("not_found", `There is no connection ${name}.`);
			}
			const { rows, seconds } = request.body;
			return ports.connections.scan(name, { rows, timeoutMs: seconds * 1_000 });
		},
	);
}
