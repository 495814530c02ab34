import { Principal } from "../../identity/index.ts";
import { Closed, Nullable, type Static, StringEnum, Type } from "../../lib/index.ts";
import { CommandDecision } from "../../policy/index.ts";
import { Instant } from "./common.ts";

/** Which of the recorded commands are meant. */
export const RecordedSpan = Closed({
	since: Type.Optional(Instant),
	until: Type.Optional(Instant),
	connection: Type.Optional(
		Type.Array(Type.String({ minLength: 1, maxLength: 128 }), {
			maxItems: 64,
			description: "All if absent.",
		}),
	),
});

export const EvalRequest = Closed({
	connection: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: "With `sql`." })),
	sql: Type.Optional(
		Type.String({ maxLength: 1_048_576, description: "The command's text, as a client would send it." }),
	),
	input: Type.Optional(
		Type.Record(Type.String(), Type.Unknown(), {
			description: "In place of `sql`: the input by hand; what it leaves out but `command` is filled in.",
		}),
	),
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
			where: Type.Array(Type.String(), { description: "FILE:LINE in the policy's sources." }),
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
	would_be_allowed: Type.Array(
		Closed({
			change: Type.String({ description: "Finishes the sentence: it would go through ..." }),
			action: StringEnum(["allow", "require_approval"]),
		}),
	),
	revision: Type.String(),
	cost: Type.Integer(),
	micros: Type.Number(),
});

/** A decision of the record, and what the policy in force says of the same input. */
export const RecordedDecision = Closed({
	id: Type.String(),
	session: Type.String(),
	time: Type.String(),
	principal: Type.String({ description: "PROVIDER/SUBJECT" }),
	connection: Type.String(),
	text: Nullable(Type.String()),
	recorded: Closed({
		action: Type.String(),
		revision: Type.String({ description: "Empty where the policy was not asked." }),
		reasons: Type.Array(
			Closed({ rule: Type.String(), message: Type.String(), remedy: Nullable(Type.String()) }),
		),
	}),
	missing: Nullable(
		Type.String({
			description: "Why the exact input can't be had: withheld, cut, never_asked, not_recorded, no_command.",
		}),
	),
	now: Nullable(Closed({ evaluated: EvalAnswer, explanation: Explanation })),
});
export type RecordedDecision = Static<typeof RecordedDecision>;

export const BundleStatusView = Closed({
	name: Type.String(),
	active_revision: Nullable(Type.String()),
	active_sequence: Nullable(Type.Integer()),
	type: Nullable(Type.String({ description: "`snapshot` or `delta`: what came into force last." })),
	origin: Nullable(Type.String()),
	last_attempt: Nullable(Instant),
	last_successful_request: Nullable(Instant),
	last_activation: Nullable(Instant),
	failures: Type.Integer({ description: "Attempts that failed since the last one that did not." }),
	error: Nullable(
		Closed({
			code: Type.String(),
			message: Type.String(),
			remedy: Type.String(),
			http_status: Nullable(Type.Integer()),
		}),
	),
});
export type BundleStatusView = Static<typeof BundleStatusView>;
