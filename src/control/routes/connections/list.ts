import {
	type AdminAction,
	type GuardedAccess,
	pathParameter,
	type Resource,
	resource,
} from "../../access.ts";
import type { Control } from "../../app.ts";
import type { ConnectionSummary } from "../../ports.ts";
import { guardedFailures } from "../../schemas/common.ts";
import { ConnectionList } from "../../schemas/connections.ts";
import type { App } from "../../server.ts";

export function connectionResource({ name, labels }: ConnectionSummary): Resource {
	return { type: "connection", id: name, owner: null, connection: name, labels: { ...labels } };
}

export function listConnections(app: App, { ports }: Control): void {
	app.get(
		"/api/v1/connections",
		{
			config: {
				access: { action: "connections:list", resource: () => resource("connection"), recorded: false },
			},
			schema: { summary: "Connections", response: { 200: ConnectionList, ...guardedFailures } },
		},
		async () => ({
			connections: ports.connections.list().map(({ name, type, labels, databases, endpoint }) => ({
				name,
				type,
				labels: { ...labels },
				databases: [...databases],
				endpoint: { ...endpoint },
			})),
		}),
	);
}

/** What a call on one connection asks the policy; a name that nobody has is asked about as well. */
export function connectionAccess({ ports }: Control, action: AdminAction): GuardedAccess {
	return {
		action,
		resource: (request) => {
			const name = pathParameter(request, "name");
			const connection = ports.connections.get(name);
			return connection === undefined ? resource("connection", name) : connectionResource(connection);
		},
		recorded: true,
	};
}
