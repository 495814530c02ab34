import { Principal } from "../../identity/index.ts";
import { Closed, Nullable, type Static, Type } from "../../lib/index.ts";
import { CommandDecision } from "../../policy/index.ts";
import { Instant } from "./common.ts";

export const EvalRequest = Closed({
	connection: Type.String({ minLength: 1, maxLength: 128 }),
	sql: Type.String({ maxLength: 1_048_576, description: "The command's text, as a client would send it." }),
	principal: Type.Optional(Principal),
	reason: Type.Optional(
		Type.String({ maxLength: 1_024, description: "What the client would give as its reason." }),
	),
});
export type EvalRequest = Static<typeof EvalRequest>;

export const EvalAnswer = Closed({
	input: Type.Unknown({
		description: "What the policy was asked: the input of `sallyport/command/decision`.",
	}),
	decision: CommandDecision,
	revision: Type.String(),
	cost: Type.Integer({ description: "Budget units spent." }),
	micros: Type.Number({ description: "Microseconds that the evaluation took." }),
});
export type EvalAnswer = Static<typeof EvalAnswer>;

/** The same answer in words, for people: what happens, which rules say so, and what to do about it. */
export const Explanation = Closed({
	summary: Type.String(),
	rules: Type.Array(
		Closed({
			rule: Type.String(),
			set: Type.String({ description: "The rule set that the rule is in: deny, require_approval, mask ..." }),
			message: Type.String(),
			remedy: Nullable(Type.String()),
		}),
	),
	statements: Type.Array(
		Closed({
			kind: Type.String(),
			effects: Type.Array(Type.String()),
			relations: Type.Array(Type.String()),
			opaque_reasons: Type.Array(Type.String()),
		}),
	),
	revision: Type.String(),
	cost: Type.Integer(),
	micros: Type.Number(),
});
export type Explanation = Static<typeof Explanation>;

export const BundleStatusView = Closed({
	name: Type.String(),
	active_revision: Nullable(Type.String()),
	origin: Nullable(Type.String()),
	last_attempt: Nullable(Instant),
	last_activation: Nullable(Instant),
	error: Nullable(Closed({ code: Type.String(), message: Type.String(), remedy: Type.String() })),
});
export type BundleStatusView = Static<typeof BundleStatusView>;
