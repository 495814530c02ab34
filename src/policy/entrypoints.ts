import { AccessDecision, CommandDecision } from "./decision.ts";

/** What the gateway asks of a policy; a bundle that lacks one of these is not activated. */
export const ENTRYPOINTS = [
	"sallyport/session/decision",
	"sallyport/command/decision",
	"sallyport/admin/decision",
] as const;
export type Entrypoint = (typeof ENTRYPOINTS)[number];

/** The type of an entrypoint's answer. */
export type DecisionOf<E extends Entrypoint> = E extends "sallyport/command/decision"
	? CommandDecision
	: AccessDecision;

/** The schema that an entrypoint's answer must have. */
export const DECISION_SCHEMAS = {
	"sallyport/session/decision": AccessDecision,
	"sallyport/command/decision": CommandDecision,
	"sallyport/admin/decision": AccessDecision,
} as const;
