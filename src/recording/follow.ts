import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { eventsOf, needleOf, type ReadEvent } from "./read-events.ts";
import { FIRST_LINE, type FileLine, type LineStart, readLines } from "./read-lines.ts";
import { parseLine } from "./stored-event.ts";
import { recordFiles } from "./tail.ts";

export interface Follower {
	/** False once nothing can be written about the session any more. */
	readonly goesOn: () => boolean;
	/** Asked before anything is handed out that was written meanwhile; what it rejects with ends the following. */
	readonly maySee: () => Promise<void>;
	/** Ends the following. */
	readonly signal: AbortSignal;
}

const LOOK_EVERY_MS = 200;

/** A session's events, those of the past first and then each as it is written, to the session's end. */
export async function* followSession(
	directory: string,
	session: string,
	{ goesOn, maySee, signal }: Follower,
): AsyncGenerator<ReadEvent> {
	const needle = needleOf(session);
	let place: Place = { file: "", ...FIRST_LINE };
	let asked: number | null = Date.now(); // whoever calls has been asked about just now
	while (!signal.aborted) {
		const more = goesOn();
		for await (const { file, line } of linesFrom(directory, place)) {
			place = { file, line: line.line + 1, offset: line.end };
			if (!line.bytes.includes(needle)) continue;
			const parsed = parseLine(line.bytes);
			if (!parsed.ok || parsed.event.session !== session) continue;
			// A look at the files takes its time, and goes on with what is written during it.
			if (asked === null || Date.parse(parsed.event.time) >= asked) {
				asked = Date.now();
				await maySee();
			}
			yield* eventsOf({ ...parsed.event, file, line: line.line });
			if (parsed.event.type === "session_end") return;
		}
		if (!more) return;
		await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
		asked = null;
	}
}

interface Place extends LineStart {
	readonly file: string;
}

/** The whole lines from a place on; one that is still being written is left for the next look. */
async function* linesFrom(
	directory: string,
	place: Place,
): AsyncGenerator<{ readonly file: string; readonly line: FileLine }> {
	for (const file of recordFiles(directory)) {
		if (file < place.file) continue;
		const from = file === place.file ? place : FIRST_LINE;
		for await (const line of readLines(join(directory, file), from)) if (line.ended) yield { file, line };
	}
}
