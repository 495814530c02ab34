import type { Clock } from "../lib/index.ts";
import type { RecordEvent } from "./events.ts";
import type { Entry } from "./journal.ts";
import type { RecordedAnalysis } from "./recorded-analysis.ts";
import { type SerialiseOptions, serialise } from "./serialise.ts";
import { Timestamp } from "./timestamp.ts";

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

	/** An event that something waits for. @param before the outcome that its line is to hold as well */
	awaited(event: RecordEvent, before?: Entry): Entry {
		const time = this.now();
		const body = serialise(event, this.#options, this.#time.at);
		return {
			time,
			session: event.session,
			body: before === undefined ? body : `${body},${asField(before)}`,
			ends: event.type === "session_end",
			awaited: true,
			before,
		};
	}

	/** An event that nothing waits for. @param forwarded when the command of a `forwarded` or an `outcome` went up */
	of(event: RecordEvent, forwarded?: string): Entry {
		const time = this.now();
		return {
			time: event.type === "forwarded" && forwarded !== undefined ? forwarded : time,
			session: event.session,
			body: serialise(event, this.#options, this.#time.at, forwarded),
			ends: event.type === "session_end",
			awaited: false,
		};
	}

	/** Keeps an event of a session that isn't open, outside of any session's chain. */
	late(event: RecordEvent): Entry {
		const inner = serialise(event, this.#options, Number.NaN);
		return this.#own(`"type":"late","of":${JSON.stringify(event.session)},"event":{${inner}}`);
	}

	analysis({ digest, json }: RecordedAnalysis): Entry {
		return this.#own(`"type":"analysis","digest":"${digest}","command":${json}`);
	}

	recovered(report: object): Entry {
		return this.#own(JSON.stringify({ type: "recovered", ...report }).slice(1, -1));
	}

	#own(body: string): Entry {
		return { time: this.now(), session: null, body, ends: false, awaited: false };
	}
}

const OUTCOME = '"type":"outcome",';

/** An outcome as the field of another event. */
function asField({ time, body }: Entry): string {
	return `"before":{"time":"${time}",${body.slice(OUTCOME.length)}}`;
}
