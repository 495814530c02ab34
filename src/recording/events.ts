import type {
	ApprovalRequirement,
	Approver,
	CommandParameters,
	ConnectionContext,
	Grant,
	SessionContext,
} from "../commands/index.ts";
import type { Principal } from "../identity/index.ts";
import type { Static } from "../lib/index.ts";
import type { FilterObligation, Limits, MaskObligation, Reason, RecordLevel } from "../policy/index.ts";
import type { JsonText } from "./json-text.ts";
import type { RecordedText } from "./recorded-text.ts";
import type { RecordedVerdict } from "./recorded-verdict.ts";

/**
 * What the record holds. The names are those of the lines in the files, so they are part of the product's surface.
 * The recorder itself adds sequence, time and hashes, and events of its own: `file` (a file's header), `checkpoint`,
 * `recovered` (after a time when nothing could be written), `late` (an event of a session that was not open) and
 * `analysis` (what commands that name its digest were found to mean).
 */
export type RecordEvent =
	| SessionStartEvent
	| SessionContextEvent
	| CommandEvent
	| ApprovalEvent
	| ForwardedEvent
	| OutcomeEvent
	| RowsEvent
	| ErrorEvent
	| SessionEndEvent
	| AdminEvent
	| PolicyEvent;

/** A decision as it is recorded. Its id is beside it, so that equal decisions can be serialised once. */
export interface DecisionRecord {
	/** `mask` when one of the masks reached what the command returns. */
	readonly action: "allow" | "deny" | "mask" | "require_approval";
	/** The policy's revision that decided; empty when there was none. */
	readonly revision: string;
	readonly reasons: readonly Reason[];
	readonly masks: readonly MaskObligation[];
	readonly filters: readonly FilterObligation[];
	readonly limits: Limits;
	readonly record: RecordLevel;
	/** Budget units that the evaluation spent. */
	readonly cost: number;
}

/** A decision of the entrypoints that answer allow or deny. */
export interface AccessRecord {
	readonly action: "allow" | "deny";
	readonly revision: string;
	readonly reasons: readonly Reason[];
	readonly cost: number;
}

/** The first event of every session, those that are refused included (their next is `session_end`). */
export interface SessionStartEvent {
	readonly type: "session_start";
	readonly session: string;
	readonly principal: Principal;
	readonly connection: ConnectionContext;
	readonly context: SessionContext;
	/** The upstream's database, or what stands for it. */
	readonly database: string;
	/** The credential's stable name and kind, never the credential. */
	readonly credential: { readonly id: string; readonly kind: string };
	readonly decision_id: string;
	readonly decision: AccessRecord | JsonText;
}

/** The client named its reason or its application anew: what the session's later commands are decided with. */
export interface SessionContextEvent {
	readonly type: "session_context";
	readonly session: string;
	readonly context: SessionContext;
}

/** A decided command; written before anything of it is forwarded. */
export interface CommandEvent {
	readonly type: "command";
	readonly session: string;
	/** The decision's id: what `forwarded`, `outcome`, `rows`, `approval` and `error` call their `command`. */
	readonly id: string;
	/** From `Recorder.text`. */
	readonly text: RecordedText;
	readonly verdict: RecordedVerdict;
	/** Null at the stage `parse`. */
	readonly parameters: CommandParameters | null;
	/** What went to the target in place of the text, where row filters were added; `secret`: it must not be kept. */
	readonly sent?: { readonly text: string; readonly secret: boolean } | null;
	/** The input's time, in milliseconds since the epoch: a field of its own where the line's time is another. */
	readonly decidedAt?: number;
	/** The approvals that the input named. */
	readonly grants?: readonly Grant[];
}

export interface ApprovalEvent {
	readonly type: "approval";
	readonly session: string;
	readonly command: string;
	/** The request's id. */
	readonly approval: string;
	readonly state: "requested" | "granted" | "denied" | "withdrawn" | "expired";
	readonly requirement: ApprovalRequirement;
	/** Who answered; null where nobody did. */
	readonly by: Static<typeof Approver> | null;
	readonly reason: string | null;
}

/**
 * The command's first message is handed to the upstream. In the files it is the field `forwarded` (the time) of the
 * command's first outcome, where that came within some milliseconds.
 */
export interface ForwardedEvent {
	readonly type: "forwarded";
	readonly session: string;
	readonly command: string;
}

/** What became of a command, or of one statement of it. */
export interface OutcomeEvent {
	readonly type: "outcome";
	readonly session: string;
	readonly command: string;
	/** The statement's place in the command, from 0. */
	readonly statement: number;
	/** `unknown`: the upstream was lost before it answered. */
	readonly status: "completed" | "suspended" | "failed" | "cancelled" | "unknown";
	/** The server's completion tag, such as `SELECT 3`. */
	readonly tag: string | null;
	readonly rows: number;
	/** Bytes of rows that were released to the client. */
	readonly bytes: number;
	/** From forwarding to completion, in microseconds. */
	readonly duration_us: number;
	readonly sqlstate: string | null;
}

/** Rows as the client saw them, masked. Made by `Recorder.rows`, which bounds them. */
export interface RowsEvent {
	readonly type: "rows";
	readonly session: string;
	readonly command: string;
	readonly columns: readonly string[];
	readonly rows: readonly (readonly (string | null)[])[] | JsonText;
	/** True when rows after these were not kept. */
	readonly truncated: boolean;
}

export interface ErrorEvent {
	readonly type: "error";
	readonly session: string | null;
	readonly command: string | null;
	/** A code of the product's error tables. */
	readonly code: string;
	/** What the client was told. */
	readonly message: string;
	/** What the operator is told beside it. */
	readonly operator: string | null;
}

/** The last event of a session; a signed checkpoint follows it. */
export interface SessionEndEvent {
	readonly type: "session_end";
	readonly session: string;
	/** `client`, `killed`, `credential_expired`, `upstream_lost`, `denied`, `shutdown` ... */
	readonly reason: string;
	readonly message: string | null;
}

/** Something done, or refused, in the control plane. */
export interface AdminEvent {
	readonly type: "admin";
	readonly session: null;
	readonly principal: Principal | null;
	readonly action: string;
	readonly resource: { readonly type: string; readonly id: string };
	readonly client_address: string;
	readonly outcome: "allowed" | "denied" | "done" | "failed";
	readonly decision_id: string | null;
	readonly decision: AccessRecord | JsonText | null;
	readonly message: string | null;
}

/** A bundle was activated, or refused. */
export interface PolicyEvent {
	readonly type: "policy";
	readonly session: null;
	readonly bundle: string;
	readonly revision: string;
	readonly state: "activated" | "refused";
	readonly message: string | null;
}
