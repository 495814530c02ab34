import type { ApiToken, Principal } from "../../../identity/index.ts";
import { ownerOf, type Resource, resource } from "../../access.ts";
import type { TokenRequest } from "../../schemas/tokens.ts";

/** A token belongs to whoever made it: the first of its owners. */
export function tokenResource({ id, owners }: ApiToken): Resource {
	const [owner] = owners;
	return {
		type: "token",
		id,
		owner: owner === undefined ? null : ownerOf(owner),
		connection: null,
		labels: {},
	};
}

/**
 * A token that is asked for: the caller's own only if it can do no more than the caller, that is for the same
 * subject, no group that the caller isn't in, and not a person's unless the caller is one. Every other token is
 * nobody's own, so that making it takes a role.
 */
export function requestedToken({ subject, kind, groups = [] }: TokenRequest, caller: Principal): Resource {
	const own =
		subject === caller.subject &&
		(kind === caller.kind || kind === "agent") &&
		groups.every((group) => caller.groups.includes(group));
	return { ...resource("token", subject), owner: own ? ownerOf(caller) : null };
}
