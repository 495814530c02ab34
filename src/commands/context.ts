import { Principal } from "../identity/index.ts";
import { Closed, type Static, StringEnum, Type } from "../lib/index.ts";

export const PROTOCOL_NAMES = ["postgres", "mysql", "ssh", "kubernetes"] as const;
export type ProtocolName = (typeof PROTOCOL_NAMES)[number];

/** The connection as the policy sees it: its name, type and labels, never its address or secrets. */
export const ConnectionContext = Closed({
	name: Type.String(),
	type: StringEnum(PROTOCOL_NAMES),
	labels: Type.Record(Type.String(), Type.String()),
});
export type ConnectionContext = Static<typeof ConnectionContext>;

/** What the client said of itself when it connected. Informational: the principal comes from the credential. */
export const Startup = Closed({
	user: Type.String(),
	settings: Type.Record(Type.String(), Type.String()),
	options: Type.String(),
});

export const SessionContext = Closed({
	id: Type.String(),
	started_at: Type.String(),
	client_address: Type.String(),
	client_application: Type.String(),
	reason: Type.String(),
	startup: Startup,
});
export type SessionContext = Static<typeof SessionContext>;

export const TimeContext = Closed({
	rfc3339: Type.String(),
	unix: Type.Integer(),
	weekday: StringEnum(["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]),
	hour: Type.Integer(),
});
export type TimeContext = Static<typeof TimeContext>;

/** A person or agent that answered an approval. */
export const Approver = Closed({
	provider: Type.String(),
	subject: Type.String(),
	groups: Type.Array(Type.String()),
});

/** A `require_approval` element with the library's defaults filled in. */
export const ApprovalRequirement = Closed({
	rule: Type.String(),
	approvers: Type.Array(Type.String()),
	min: Type.Integer(),
	expires: Type.String(),
	scope: StringEnum(["command", "session"]),
});
export type ApprovalRequirement = Static<typeof ApprovalRequirement>;

/** A granted approval, as the policy sees it. `requirement` is the element verbatim: only an equal one is granted. */
export const Grant = Closed({
	id: Type.String(),
	requirement: ApprovalRequirement,
	scope: StringEnum(["command", "session"]),
	approved_by: Type.Array(Approver),
	approved_at: Type.String(),
	expires_at: Type.String(),
});
export type Grant = Static<typeof Grant>;

/** The input of `sallyport/session/decision`. */
export const SessionInput = Closed({
	principal: Principal,
	connection: ConnectionContext,
	session: SessionContext,
	time: TimeContext,
	approvals: Type.Array(Grant),
});
export type SessionInput = Static<typeof SessionInput>;
