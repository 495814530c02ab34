import { EFFECTS } from "../../commands/index.ts";
import { PrincipalKind } from "../../identity/index.ts";
import { Closed, type Static, StringEnum, type TSchema, Type } from "../../lib/index.ts";
import { MASK_OPTIONS, TRANSFORMS } from "../decision.ts";

/**
 * Whom a line of pack data is about: `user:PROVIDER/SUBJECT`, `group:PROVIDER/NAME`, `group:*\/NAME` (of any
 * provider), `kind:human|agent|service`, or `anyone`.
 */
const PrincipalPattern = Type.String({
	pattern: "^(anyone|kind:(human|agent|service)|(user|group):[^/]+/.+)$",
});
const PrincipalList = Type.Array(PrincipalPattern);

const enabled = Type.Optional(Type.Boolean());
/** A part of a name in double quotes, which it has only if it needs them: rules compare names as they are written. */
const QUOTED = '"([^"]|"")*(\\.|"")([^"]|"")*"';
/** `schema.relation`, parts that hold a dot or a quote in double quotes, or `*` for every relation. */
const RelationName = Type.String({ pattern: `^(\\*|(${QUOTED}|[^."]+)\\.(${QUOTED}|[^."]+))$` });
/**
 * `schema.table.column`, `schema.table.*` or `*.*.column`: what the pack's rules can look up; a path into a JSON column
 * may follow.
 */
const ColumnName = Type.String({
	pattern: `^(\\*\\.\\*\\.|(${QUOTED}|[^."*]+)\\.(${QUOTED}|[^."*]+)\\.)(${QUOTED}|[^."]+)(#>>?\\{.+\\})?$`,
});
/** What a mask may leave open: `hidden_ways` of the library. */
const MASK_PERMITS = ["equality", "predicate", "join", "order", "compute", "store", "rename"] as const;
const optionalMaskOptions = {
	keep: Type.Optional(MASK_OPTIONS.keep),
	keep_first: Type.Optional(MASK_OPTIONS.keep_first),
	preserve: Type.Optional(MASK_OPTIONS.preserve),
	to: Type.Optional(MASK_OPTIONS.to),
	zero: Type.Optional(MASK_OPTIONS.zero),
};
const Duration = Type.String({ pattern: "^[0-9]+(\\.[0-9]+)?(ms|s|m|h|d)$" });
const approval = {
	approvers: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
	min: Type.Optional(Type.Integer({ minimum: 1 })),
	expires: Type.Optional(Duration),
	scope: Type.Optional(StringEnum(["command", "session"])),
};

/** A closed object of which every field may be absent. */
const OptionalFields = <P extends Record<string, TSchema>>(properties: P) =>
	Type.Partial(Type.Object(properties), { additionalProperties: false });

const optionalLists = <const K extends readonly string[]>(keys: K) =>
	OptionalFields(
		Object.fromEntries(keys.map((key) => [key, PrincipalList])) as Record<K[number], typeof PrincipalList>,
	);

const STRONG_EFFECTS = EFFECTS.slice(EFFECTS.indexOf("privilege"));

/**
 * `data.sallyport.packs`: what the shipped packs take from a place's own data. Every field is optional; the
 * meaning of each, and of its absence, stands at the head of the pack's file in `policies/sallyport/packs`.
 */
export const PacksData = OptionalFields({
	safe_defaults: Closed({
		enabled,
		permit: Type.Optional(optionalLists([...STRONG_EFFECTS, "truncate", "unbounded_write", "temporary"])),
	}),
	pii: Closed({
		enabled,
		columns: Type.Optional(
			Type.Array(
				Closed({
					columns: Type.Array(ColumnName),
					transform: Type.Optional(StringEnum(TRANSFORMS)),
					...optionalMaskOptions,
					permit: Type.Optional(Type.Array(StringEnum(MASK_PERMITS))),
				}),
			),
		),
		detect: Type.Optional(
			Type.Array(
				Closed({
					columns: Type.Array(Type.Union([Type.Literal("*"), ColumnName])),
					detectors: Type.Array(Type.String({ minLength: 1 }), { minItems: 1 }),
					transform: Type.Optional(StringEnum(["redact", "hash", "partial"])),
					...optionalMaskOptions,
				}),
			),
		),
		expressions: Type.Optional(Type.Record(Type.String(), Type.String())),
		names: Type.Optional(Type.Array(Type.String())),
		clear_for: Type.Optional(PrincipalList),
	}),
	approvals: Closed({
		enabled,
		require: Type.Optional(
			Type.Array(
				Closed({
					rule: Type.Optional(Type.String()),
					relations: Type.Array(RelationName, { minItems: 1 }),
					ops: Type.Array(StringEnum(["insert", "update", "delete", "truncate", "copy", "merge"]), {
						minItems: 1,
					}),
					message: Type.Optional(Type.String()),
					remedy: Type.Optional(Type.String()),
					...approval,
				}),
			),
		),
	}),
	limits: Closed({
		enabled,
		max_rows: Type.Optional(Type.Integer({ minimum: 0 })),
		max_bytes: Type.Optional(Type.Integer({ minimum: 0 })),
		timeout: Type.Optional(Duration),
	}),
	filters: Closed({
		enabled,
		rows: Type.Optional(
			Type.Array(
				Closed({
					relation: RelationName,
					predicate: Type.String({ minLength: 1, maxLength: 10_000 }),
					except: Type.Optional(PrincipalList),
				}),
			),
		),
	}),
	suspended: Closed({ principals: PrincipalList }),
	read_only_agents: Closed({
		enabled,
		except: Type.Optional(PrincipalList),
	}),
	change_window: Closed({
		enabled,
		effects: Type.Optional(Type.Array(StringEnum(EFFECTS))),
		weekdays: Type.Optional(
			Type.Array(StringEnum(["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"])),
		),
		from_hour: Type.Optional(Type.Integer({ minimum: 0, maximum: 24 })),
		to_hour: Type.Optional(Type.Integer({ minimum: 0, maximum: 24 })),
		labels: Type.Optional(Type.Record(Type.String(), Type.String())),
	}),
	break_glass: Closed({
		enabled,
		principals: PrincipalList,
		effects: Type.Optional(Type.Array(StringEnum(STRONG_EFFECTS))),
		reason_prefix: Type.Optional(Type.String({ minLength: 1 })),
		...approval,
	}),
	sessions: Closed({
		enabled,
		principals: Type.Optional(PrincipalList),
		connections: Type.Optional(Type.Record(Type.String(), PrincipalList)),
	}),
	admin: Closed({
		enabled,
		roles: Type.Optional(
			Type.Record(
				Type.String(),
				OptionalFields({
					principals: PrincipalList,
					kinds: Type.Array(PrincipalKind),
					actions: Type.Array(Type.String({ pattern: "^(\\*|[a-z]+:(\\*|[a-z]+))$" })),
				}),
			),
		),
	}),
});
export type PacksData = Static<typeof PacksData>;
