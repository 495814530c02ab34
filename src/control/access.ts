import type { FastifyRequest } from "fastify";
import type { Principal } from "../identity/index.ts";
import type { AdminInput } from "../policy/index.ts";

/** Everything that the control plane may be asked to do: `input.action` of `sallyport/admin/decision`. */
export const ADMIN_ACTIONS = [
	"api:read",
	"approvals:approve",
	"approvals:deny",
	"approvals:list",
	"approvals:read",
	"audit:read",
	"bundle:promote",
	"bundle:push",
	"bundle:read",
	"bundle:rollback",
	"connections:list",
	"connections:scan",
	"connections:test",
	"identity:whoami",
	"locks:add",
	"locks:list",
	"locks:remove",
	"metrics:read",
	"policy:coverage",
	"policy:eval",
	"policy:explain",
	"policy:impact",
	"policy:shadow",
	"policy:trigger",
	"sessions:kill",
	"sessions:list",
	"sessions:read",
	"sessions:replay",
	"status:report",
	"tokens:create",
	"tokens:list",
	"tokens:revoke",
	"values:reveal",
] as const;
export type AdminAction = (typeof ADMIN_ACTIONS)[number];

/** `input.resource` of `sallyport/admin/decision`. */
export type Resource = AdminInput["resource"];

/** What one route asks the policy. */
export interface GuardedAccess {
	readonly action: AdminAction;
	/** What is acted on; an unknown id is a resource as well, so that a refusal doesn't tell what there is. */
	readonly resource: (request: FastifyRequest, caller: Principal) => Resource | Promise<Resource>;
	/** Set where the resource is named in the body. All others are decided before a byte of the body is read. */
	readonly inBody?: true;
	/** Whether a call is an event of the record: whatever changes something, or shows what somebody did. */
	readonly recorded: boolean;
}

/** `public`: answers without a token, and therefore holds nothing that a token would protect. */
export type Access = "public" | GuardedAccess;

declare module "fastify" {
	interface FastifyContextConfig {
		/** Every route has one; the guard refuses to register a route without. */
		access?: Access;
	}
}

/** A resource that belongs to nobody and to no connection. */
export function resource(type: string, id = ""): Resource {
	return { type, id, owner: null, connection: null, labels: {} };
}

/** Things of the caller's own, in general: what a list asks about before it asks about each thing in it. */
export function ownResource(type: string, caller: Principal): Resource {
	return { ...resource(type), owner: ownerOf(caller) };
}

/** How a resource names its owner. */
export function ownerOf(principal: Pick<Principal, "issuer" | "subject">): string {
	return `${principal.issuer}|${principal.subject}`;
}

/** A parameter of the request's path. */
export function pathParameter(request: FastifyRequest, name: string): string {
	return (request.params as Record<string, string | undefined>)[name] ?? "";
}
