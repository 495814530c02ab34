import { fieldsOf, textOf } from "./fields.ts";
import { type ReadEvent, readEvents } from "./read-events.ts";

/** What an event must be; all that is given must hold. Times are RFC 3339. */
export interface RecordQuery {
	/** Somewhere in the event's values, whatever the case of its letters. */
	readonly text?: string;
	readonly type?: string;
	readonly session?: string;
	readonly action?: string;
	readonly since?: string;
	readonly until?: string;
	/** At most this many, 0 for all; 1,000. */
	readonly limit?: number;
}

const LIMIT = 1_000;
/** Deeper than any event that the gateway writes. */
const DEPTH = 64;
/** What the recorder writes for itself. */
const OWN_TYPES = new Set(["file", "checkpoint", "analysis"]);

/** The events that match, oldest first. Throws `record_unreadable`. */
export async function* searchRecord(directory: string, query: RecordQuery): AsyncGenerator<ReadEvent> {
	const text = query.text?.toLowerCase();
	const since = query.since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(query.since);
	const until = query.until === undefined ? Number.POSITIVE_INFINITY : Date.parse(query.until);
	let left = query.limit === 0 ? Number.POSITIVE_INFINITY : (query.limit ?? LIMIT);
	for await (const event of readEvents(directory)) {
		if (left <= 0) return;
		const at = Date.parse(event.time);
		if (at < since || at >= until || !is(event, query)) continue;
		if (text !== undefined && !holds(event.fields, text)) continue;
		left--;
		yield event;
	}
}

function is(event: ReadEvent, query: RecordQuery): boolean {
	if (query.type === undefined ? OWN_TYPES.has(event.type) : query.type !== event.type) return false;
	if (query.session !== undefined && query.session !== event.session) return false;
	if (query.action === undefined) return true;
	return textOf(fieldsOf(event.fields, "decision"), "action") === query.action;
}

function holds(value: unknown, text: string, depth = 0): boolean {
	if (typeof value === "string") return value.toLowerCase().includes(text);
	if (typeof value !== "object" || value === null || depth > DEPTH) return false;
	return Object.values(value).some((inner) => holds(inner, text, depth + 1));
}
