import { ConnectionContext } from "../../commands/index.ts";
import { Closed, Nullable, type Static, StringEnum, Type } from "../../lib/index.ts";
import { Instant, PrincipalView } from "./common.ts";

export const SessionView = Closed({
	id: Type.String(),
	state: StringEnum(["open", "ended"]),
	principal: PrincipalView,
	connection: ConnectionContext,
	database: Type.String(),
	started_at: Instant,
	ended_at: Nullable(Instant),
	/** Why it ended; null while it is open, or when the gateway was killed under it. */
	end_reason: Nullable(Type.String()),
	client_address: Type.String(),
	client_application: Type.String(),
	reason: Type.String({ description: "What the client gave as its reason." }),
	commands: Type.Integer({ minimum: 0, description: "Commands decided." }),
});
export type SessionView = Static<typeof SessionView>;

export const SessionList = Closed({ sessions: Type.Array(SessionView) });

/** One event of the record, as its line in the log has it. The fields depend on `type`. */
export const RecordedEvent = Type.Object(
	{ type: Type.String(), time: Type.String() },
	{ additionalProperties: true, description: "An event of the record." },
);
export type RecordedEvent = Static<typeof RecordedEvent>;
