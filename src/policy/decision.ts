import { ApprovalRequirement } from "../commands/index.ts";
import { Closed, Nullable, type Static, StringEnum, Type } from "../lib/index.ts";

export const Reason = Closed({
	rule: Type.String(),
	message: Type.String(),
	remedy: Nullable(Type.String()),
});
export type Reason = Static<typeof Reason>;

export const TRANSFORMS = ["null", "redact", "hash", "tokenise", "generalise", "partial"] as const;
export type TransformName = (typeof TRANSFORMS)[number];

/** How a transform does it; each belongs to one of them and is at rest for the others. */
export const MASK_OPTIONS = {
	/** `partial`: characters that stay at the end, and at the beginning. */
	keep: Type.Integer({ minimum: 0, maximum: 64 }),
	keep_first: Type.Integer({ minimum: 0, maximum: 64 }),
	/** `hash`: the digest has the value's own length, letters for letters, digits for digits. */
	preserve: Type.Boolean(),
	/** `generalise`: a unit of time, the size of a bucket, the length of a network's prefix. */
	to: Nullable(
		Type.String({ pattern: "^(year|quarter|month|week|day|hour|minute|[1-9][0-9]{0,14}|/[0-9]{1,3})$" }),
	),
	/** `redact`: what can't hold the mark gets its type's zero in place of NULL. */
	zero: Type.Boolean(),
} as const;

/** A candidate mask; the gate intersects it with the lineage of what the command returns. */
export const MaskObligation = Closed({
	rule: Type.String(),
	columns: Type.Array(Type.String()),
	detectors: Type.Array(Type.String()),
	transform: StringEnum(TRANSFORMS),
	...MASK_OPTIONS,
});
export type MaskObligation = Static<typeof MaskObligation>;

/** A condition that is added wherever the relation is read or changed. */
export const FilterObligation = Closed({
	rule: Type.String(),
	/** `schema.relation`, as the catalog has it. */
	relation: Type.String(),
	/** SQL: a condition on the relation's own columns. */
	predicate: Type.String({ minLength: 1, maxLength: 10_000 }),
});
export type FilterObligation = Static<typeof FilterObligation>;

export const Limits = Closed({
	max_rows: Nullable(Type.Integer({ minimum: 0 })),
	max_bytes: Nullable(Type.Integer({ minimum: 0 })),
	timeout: Nullable(Type.String()),
});
export type Limits = Static<typeof Limits>;

export const RECORD_LEVELS = ["none", "commands", "full"] as const;
export type RecordLevel = (typeof RECORD_LEVELS)[number];

/** The output of `sallyport/command/decision`. Nothing else is taken: an unknown or a missing field is a deny. */
export const CommandDecision = Closed({
	action: StringEnum(["allow", "deny", "require_approval"]),
	reasons: Type.Array(Reason),
	masks: Type.Array(MaskObligation),
	filters: Type.Array(FilterObligation),
	approvals: Type.Array(ApprovalRequirement),
	limits: Limits,
	record: StringEnum(RECORD_LEVELS),
});
export type CommandDecision = Static<typeof CommandDecision>;

/** The output of `sallyport/session/decision` and `sallyport/admin/decision`. */
export const AccessDecision = Closed({
	action: StringEnum(["allow", "deny"]),
	reasons: Type.Array(Reason),
});
export type AccessDecision = Static<typeof AccessDecision>;
