import type { FastifyRequest } from "fastify";
import { ownerOf, pathParameter, type Resource, resource } from "../../access.ts";
import type { ControlPorts } from "../../ports.ts";
import type { SessionView } from "../../schemas/sessions.ts";
import { findSession } from "../../sessions.ts";

export function sessionResource({ id, principal, connection }: SessionView): Resource {
	return {
		type: "session",
		id,
		owner: ownerOf(principal),
		connection: connection.name,
		labels: connection.labels,
	};
}

/** The session that a path names, open or only recorded; of an unknown one no more than its id. */
export async function namedSession(
	request: FastifyRequest,
	rooms: Pick<ControlPorts, "sessions" | "recordDirectory">,
): Promise<Resource> {
	const id = pathParameter(request, "id");
	const session = await findSession(id, rooms);
	return session === undefined ? resource("session", id) : sessionResource(session);
}
