import type { Clock } from "../lib/index.ts";
import type { CommandEvent, RecordEvent } from "./events.ts";
import type { LineText } from "./line-buffer.ts";
import type { Ended, OpenSession } from "./open-sessions.ts";
import type { RecordedAnalysis } from "./recorded-analysis.ts";
import { outcomeFields, type SerialiseOptions, serialise, serialiseCommand } from "./serialise.ts";
import { Timestamp } from "./timestamp.ts";

/** An event that is ready to be stamped and written: JSON from `"type":` on, without the braces. */
export interface Entry extends LineText {
	readonly time: string;
	readonly session: OpenSession | null;
	readonly ends: boolean;
	/** Something waits for it, and is refused when it can't be written: then it must not be written later either. */
	readonly awaited: boolean;
	/** What ended before it, which its line says too and nothing waits for: it has a line of its own if this one must not be. */
	readonly before: Ended | null;
}

/** Makes entries for the journal: an event's JSON and the time at which it was offered. */
export class EntryMaker {
	readonly #options: SerialiseOptions;
	readonly #time: Timestamp;

	constructor(options: SerialiseOptions, clock: Clock) {
		this.#options = options;
		this.#time = new Timestamp(clock);
	}

	now(): string {
		return this.#time.now();
	}

	/** @param before what its line is to say as well */
	command(event: CommandEvent, session: OpenSession | null, before: Ended | null): Entry {
		const time = this.now();
		const { head, common, rest } = serialiseCommand(event, this.#options, this.#time.at);
		const last = before === null ? rest : `${rest},${asField(before)}`;
		return { time, session, head, common, rest: last, ends: false, awaited: true, before };
	}

	/** Any other event. @param at when it was, if that is not now */
	of(
		event: Exclude<RecordEvent, CommandEvent>,
		session: OpenSession | null,
		awaited: boolean,
		at?: string,
	): Entry {
		const ends = event.type === "session_end";
		return {
			...LINE,
			time: at ?? this.now(),
			session,
			head: serialise(event),
			ends,
			awaited,
		};
	}

	/** Keeps an event of a session that isn't open, outside of any session's chain. */
	late(event: Exclude<RecordEvent, CommandEvent>): Entry {
		return this.#own(`"type":"late","of":${JSON.stringify(event.session)},"event":{${serialise(event)}}`);
	}

	analysis({ digest, json }: RecordedAnalysis): Entry {
		return this.#own(`"type":"analysis","digest":"${digest}","command":${json}`);
	}

	recovered(report: object): Entry {
		return this.#own(JSON.stringify({ type: "recovered", ...report }).slice(1, -1));
	}

	#own(head: string): Entry {
		return { ...LINE, time: this.now(), head };
	}
}

const LINE = {
	time: "",
	session: null,
	head: "",
	common: null,
	rest: "",
	ends: false,
	awaited: false,
	before: null,
} as const satisfies Entry;

/** What ended, in a line of its own. */
export function outcomeEntry({ event, time, forwarded }: Ended, session: OpenSession | null): Entry {
	return { ...LINE, time, session, head: serialise(event, forwarded) };
}

/** What ended, as the field of another event. */
function asField({ event, time, forwarded }: Ended): string {
	return `"before":{"time":"${time}",${outcomeFields(event, forwarded)}}`;
}
