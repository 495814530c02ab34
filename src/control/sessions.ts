import { listSessions, RecordingError, type SessionSummary, summariseSession } from "../recording/index.ts";
import type { ControlPorts } from "./ports.ts";
import type { SessionView } from "./schemas/sessions.ts";

type Rooms = Pick<ControlPorts, "sessions" | "recordDirectory">;

/**
 * A session by its id: open, or else what the record holds of it. Undefined when it is neither. Reading the record
 * takes time in proportion to its size.
 */
export async function findSession(
	id: string,
	{ sessions, recordDirectory }: Rooms,
): Promise<SessionView | undefined> {
	const open = sessions.get(id);
	if (open !== undefined) return open;
	try {
		return recordedView(await summariseSession(recordDirectory, id));
	} catch (error) {
		if (error instanceof RecordingError && error.code === "record_session_unknown") return undefined;
		throw error;
	}
}

/** The recorded sessions that are not open, the newest first. */
export async function endedSessions(
	limit: number,
	{ sessions, recordDirectory }: Rooms,
): Promise<SessionView[]> {
	const recorded = await listSessions(recordDirectory);
	return recorded
		.filter(({ id }) => sessions.get(id) === undefined)
		.slice(0, limit)
		.map(recordedView);
}

function recordedView(session: SessionSummary): SessionView {
	const { id, subject, provider, issuer, connection, labels } = session;
	return {
		id,
		state: "ended",
		principal: { subject, kind: kindOf(session.kind), provider, issuer },
		connection: { name: connection, labels: { ...labels } },
		database: session.database,
		started_at: session.started_at,
		ended_at: session.ended_at,
		end_reason: session.end_reason,
		client_address: session.client_address,
		commands: session.commands,
	};
}

/** The record may have been edited: what is no kind is shown as the one that may do least. */
function kindOf(kind: string): SessionView["principal"]["kind"] {
	return kind === "human" || kind === "service" ? kind : "agent";
}
