import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { RecordingError } from "./errors.ts";
import { asFields } from "./fields.ts";
import { parseFileName } from "./format.ts";
import { printable } from "./printable.ts";
import { type FileLine, readLines } from "./read-lines.ts";
import { parseLine, parseUnverified, type StoredEvent, type UnverifiedEvent } from "./stored-event.ts";

/** An event and the file it stands in. */
export interface ReadEvent extends StoredEvent {
	readonly file: string;
	readonly line: number;
}

/**
 * The record's events in the order in which they were written, log after log. Lines that can't be read are passed
 * over: `verifyRecord` names them. `wanted` may pass over lines by their bytes before they are parsed.
 * Throws `record_unreadable`.
 */
export async function* readEvents(
	directory: string,
	wanted: (line: FileLine) => boolean = () => true,
): AsyncGenerator<ReadEvent> {
	for await (const { file, line } of recordLines(directory, wanted)) {
		const parsed = parseLine(line.bytes);
		if (parsed.ok) yield* eventsOf({ ...parsed.event, file, line: line.line });
	}
}

/** The same of lines that nobody needs to believe, without a look at their hashes. Throws `record_unreadable`. */
export async function* readUnverified(
	directory: string,
	wanted: (line: FileLine) => boolean,
): AsyncGenerator<UnverifiedEvent> {
	for await (const { line } of recordLines(directory, wanted)) {
		const event = parseUnverified(line.bytes);
		if (event !== undefined) yield event;
	}
}

async function* recordLines(directory: string, wanted: (line: FileLine) => boolean) {
	try {
		const names = (await readdir(directory)).filter((name) => parseFileName(name) !== undefined).sort();
		for (const file of names) {
			for await (const line of readLines(join(directory, file))) if (wanted(line)) yield { file, line };
		}
	} catch (error) {
		if (error instanceof RecordingError) throw error;
		throw new RecordingError("record_unreadable", undefined, { operator: String(error), cause: error });
	}
}

/** What stands in every line of a session. */
export const needleOf = (session: string) => Buffer.from(`"session":${JSON.stringify(session)},`);

/** The events of one session, in order. Throws `record_session_unknown`, `record_unreadable`. */
export async function* sessionEvents(directory: string, session: string): AsyncGenerator<ReadEvent> {
	const needle = needleOf(session);
	let known = false;
	for await (const event of readEvents(directory, (line) => line.bytes.includes(needle))) {
		if (event.session !== session) continue;
		known = true;
		yield event;
		if (event.type === "session_end") return;
	}
	if (!known) {
		throw new RecordingError("record_session_unknown", `the record holds no session ${printable(session)}`);
	}
}

/** What a line says besides its own event comes before that, as the events that they are. */
export function* eventsOf(event: ReadEvent): Generator<ReadEvent> {
	if (event.type === "outcome") {
		const { forwarded: time, ...fields } = event.fields;
		if (typeof time === "string")
			yield { ...event, type: "forwarded", time, fields: { command: fields["command"] } };
		yield { ...event, fields };
	} else if (event.type === "command") {
		const { before, ...fields } = event.fields;
		const { time, ...outcome } = asFields(before);
		if (typeof time === "string") yield* eventsOf({ ...event, type: "outcome", time, fields: outcome });
		yield { ...event, fields };
	} else yield event;
}

/** The same, all at once. */
export async function readSession(directory: string, session: string): Promise<ReadEvent[]> {
	const events: ReadEvent[] = [];
	for await (const event of sessionEvents(directory, session)) events.push(event);
	return events;
}
