import { PrincipalKind } from "../../identity/index.ts";
import { Closed, Nullable, type Static, StringEnum, Type } from "../../lib/index.ts";
import { Instant } from "./common.ts";

/** A session, open or recorded. */
export const SessionView = Closed({
	id: Type.String(),
	state: Type.Unsafe<"open" | "ended">({
		...StringEnum(["open", "ended"]),
		description: "`open`: connected to this gateway now.",
	}),
	principal: Closed({
		subject: Type.String(),
		kind: PrincipalKind,
		provider: Type.String(),
		issuer: Type.String(),
	}),
	connection: Closed({ name: Type.String(), labels: Type.Record(Type.String(), Type.String()) }),
	database: Type.String(),
	started_at: Instant,
	ended_at: Nullable(Instant),
	end_reason: Nullable(
		Type.String({ description: "Null while it is open, or when the gateway was killed under it." }),
	),
	client_address: Type.String(),
	commands: Type.Integer({ minimum: 0, description: "Commands decided." }),
});
export type SessionView = Static<typeof SessionView>;

export const SessionList = Closed({ sessions: Type.Array(SessionView) });

/** One thing that happened in a session: a line of the answer to `replay`. */
export interface ReplayLine {
	/** Milliseconds since the session's start. */
	readonly at: number;
	/** Milliseconds since the step before. */
	readonly gap: number;
	readonly time: string;
	readonly type: string;
	/** For a terminal: nothing in them acts on it. */
	readonly lines: readonly string[];
	/** The event's own fields, as the record has them. */
	readonly fields: Readonly<Record<string, unknown>>;
}
