import type { FastifyRequest } from "fastify";
import { ApprovalError, type ApprovalView } from "../../../approvals/index.ts";
import { ownerOf, pathParameter, type Resource, resource } from "../../access.ts";
import type { ControlPorts } from "../../ports.ts";

type Rooms = Pick<ControlPorts, "approvals" | "connections">;

/** A request belongs to whoever asked for it. */
export function approvalResource(
	{ id, principal, connection }: ApprovalView,
	{ connections }: Rooms,
): Resource {
	const labels = { ...connections.get(connection)?.labels };
	return { type: "approval", id, owner: ownerOf(principal), connection, labels };
}

/** The request that a path names; of an unknown one no more than its id. */
export function namedApproval(request: FastifyRequest, rooms: Rooms): Resource {
	const id = pathParameter(request, "id");
	try {
		return approvalResource(rooms.approvals.get(id), rooms);
	} catch (error) {
		if (error instanceof ApprovalError && error.code === "approval_unknown") return resource("approval", id);
		throw error;
	}
}
