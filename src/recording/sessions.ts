import { RecordingError } from "./errors.ts";
import { fieldsOf, numberOf, textOf, textsOf } from "./fields.ts";
import { type ReadEvent, readEvents, sessionEvents } from "./read-events.ts";

export interface SessionSummary {
	readonly id: string;
	readonly log: string;
	readonly started_at: string;
	/** Null while it is open, or when its process was killed. */
	readonly ended_at: string | null;
	readonly end_reason: string | null;
	readonly subject: string;
	readonly provider: string;
	readonly issuer: string;
	readonly kind: string;
	readonly connection: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly database: string;
	readonly client_address: string;
	readonly commands: number;
	readonly denied: number;
	/** Statements that the upstream answered with an error. */
	readonly failed: number;
	/** Rows that were released. */
	readonly rows: number;
}

/** What a session must be for `listSessions` to name it; times are RFC 3339. */
export interface SessionFilter {
	readonly subject?: string;
	readonly connection?: string;
	/** Ended at or after. */
	readonly since?: string;
	/** Started before. */
	readonly until?: string;
}

type Tally = { -readonly [Key in keyof SessionSummary]: SessionSummary[Key] };

/** The sessions of the record, those that began last first. Throws `record_unreadable`. */
export async function listSessions(directory: string, filter: SessionFilter = {}): Promise<SessionSummary[]> {
	const sessions = new Map<string, Tally>();
	const rows = Buffer.from('"type":"rows"');
	for await (const event of readEvents(directory, (line) => !line.bytes.subarray(0, 512).includes(rows))) {
		if (event.session === null) continue;
		const known = sessions.get(event.session);
		if (event.type === "session_start" && known === undefined)
			sessions.set(event.session, begin(event, event.session));
		else if (known !== undefined) count(known, event);
	}
	return [...sessions.values()].filter((session) => matches(session, filter)).reverse();
}

/** What `listSessions` says of one. Throws `record_session_unknown`, `record_unreadable`. */
export async function summariseSession(directory: string, session: string): Promise<SessionSummary> {
	let tally: Tally | undefined;
	for await (const event of sessionEvents(directory, session)) {
		if (tally === undefined) tally = begin(event, session);
		else count(tally, event);
	}
	if (tally === undefined) throw new RecordingError("record_session_unknown");
	return tally;
}

function begin(event: ReadEvent, id: string): Tally {
	const principal = fieldsOf(event.fields, "principal");
	const connection = fieldsOf(event.fields, "connection");
	return {
		id,
		log: event.file.slice(0, event.file.indexOf(".")),
		started_at: event.time,
		ended_at: null,
		end_reason: null,
		subject: textOf(principal, "subject") ?? "",
		provider: textOf(principal, "provider") ?? "",
		issuer: textOf(principal, "issuer") ?? "",
		kind: textOf(principal, "kind") ?? "",
		connection: textOf(connection, "name") ?? "",
		labels: textsOf(connection, "labels"),
		database: textOf(event.fields, "database") ?? "",
		client_address: textOf(fieldsOf(event.fields, "context"), "client_address") ?? "",
		commands: 0,
		denied: 0,
		failed: 0,
		rows: 0,
	};
}

function count(session: Tally, event: ReadEvent): void {
	switch (event.type) {
		case "command":
			session.commands++;
			if (textOf(fieldsOf(event.fields, "decision"), "action") === "deny") session.denied++;
			break;
		case "outcome":
			if (textOf(event.fields, "status") === "failed") session.failed++;
			session.rows += numberOf(event.fields, "rows") ?? 0;
			break;
		case "session_end":
			session.ended_at = event.time;
			session.end_reason = textOf(event.fields, "reason");
			break;
	}
}

function matches(session: SessionSummary, filter: SessionFilter): boolean {
	if (filter.subject !== undefined && filter.subject !== session.subject) return false;
	if (filter.connection !== undefined && filter.connection !== session.connection) return false;
	const since = filter.since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(filter.since);
	const until = filter.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(filter.until);
	const ended = session.ended_at === null ? Number.POSITIVE_INFINITY : Date.parse(session.ended_at);
	return ended >= since && Date.parse(session.started_at) < until;
}
