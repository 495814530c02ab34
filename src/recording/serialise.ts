import { hash } from "node:crypto";
import { quoted } from "../lib/index.ts";
import type { CommandEvent, OutcomeEvent, RecordEvent, RowsEvent } from "./events.ts";
import type { LineText } from "./line-buffer.ts";
import { keyedDigest } from "./recorded-text.ts";

/** At most, of a character of a string in UTF-8. */
const BYTES_OF_CHARACTER = 3;

export interface SerialiseOptions {
	readonly maxCommandBytes: number;
	readonly digestKey: Buffer;
}

/**
 * The event as JSON from `"type":` on, without braces and session. Written by hand where events are many: what was
 * serialised before is taken over as it is. Commands have a function of their own, `serialiseCommand`.
 * @param forwarded of an outcome: when its command went up, where no line of its own says so
 */
export function serialise(event: Exclude<RecordEvent, CommandEvent>, forwarded?: string): string {
	switch (event.type) {
		case "forwarded":
			return `"type":"forwarded","command":${quoted(event.command)}`;
		case "outcome":
			return `"type":"outcome",${outcomeFields(event, forwarded)}`;
		case "rows":
			return rows(event);
		case "session_start":
			return `${plain({ ...event, decision: undefined })},"decision":${json(event.decision)}`;
		case "admin":
			return `${plain({ ...event, decision: undefined })},"decision":${json(event.decision)}`;
		default:
			return plain(event);
	}
}

/** Everything but the session, which the line's head has. */
function plain(event: RecordEvent | (Omit<RecordEvent, "decision"> & { decision: undefined })): string {
	return JSON.stringify({ ...event, session: undefined }).slice(1, -1);
}

/**
 * A command in three parts, the middle of which it shares with others.
 * @param now the line's time, in milliseconds since the epoch
 */
export function serialiseCommand(event: CommandEvent, options: SerialiseOptions, now: number): LineText {
	const { text, verdict } = event;
	const kept = verdict.level !== "none";
	return {
		head: `"type":"command","id":${quoted(event.id)},${kept ? text.kept : text.withheld}`,
		common: verdict.bytes,
		rest: `,${parameters(event, kept && !text.redacted, options)}${sent(event, kept, options)}${asked(event, now)}`,
	};
}

function sent(event: CommandEvent, kept: boolean, { maxCommandBytes, digestKey }: SerialiseOptions): string {
	if (event.sent == null) return "";
	const { text, secret } = event.sent;
	if (!kept || secret) return `,"sent_digest":"${keyedDigest(text, digestKey)}"`;
	if (Buffer.byteLength(text) <= maxCommandBytes) return `,"sent":${quoted(text)}`;
	return `,"sent_digest":"sha256:${hash("sha256", text)}"`;
}

/** What else the policy's input held, so that the decision can be repeated. */
function asked({ decidedAt, grants }: CommandEvent, now: number): string {
	const at = decidedAt === undefined || decidedAt === now ? "" : `,"decided_at":${decidedAt}`;
	return grants === undefined || grants.length === 0 ? at : `${at},"approvals":${JSON.stringify(grants)}`;
}

/** What an outcome says, in a line of its own or of another event. */
export function outcomeFields(event: OutcomeEvent, forwarded: string | undefined): string {
	const sent = forwarded === undefined ? "" : `"forwarded":"${forwarded}",`;
	return (
		`"command":${quoted(event.command)},${sent}"statement":${event.statement},` +
		`"status":"${event.status}","tag":${quoted(event.tag)},"rows":${event.rows},"bytes":${event.bytes},` +
		`"duration_us":${event.duration_us},"sqlstate":${quoted(event.sqlstate)}`
	);
}

function rows(event: RowsEvent): string {
	return (
		`"type":"rows","command":${quoted(event.command)},"columns":${JSON.stringify(event.columns)},` +
		`"rows":${json(event.rows)},"truncated":${event.truncated}`
	);
}

/** Of parameters that don't fit, as many as do are kept, with the hash of them all. */
function parameters({ parameters: sent }: CommandEvent, kept: boolean, options: SerialiseOptions): string {
	if (sent === null) return `"parameters":null,"parameter_count":null`;
	if (sent.count === 0) return `"parameters":[],"parameter_count":0`;
	const all = sent.json;
	const count = `"parameter_count":${sent.count}`;
	if (!kept) return `"parameters":null,${count},"parameters_digest":"${keyedDigest(all, options.digestKey)}"`;
	if (all.length * BYTES_OF_CHARACTER <= options.maxCommandBytes) return `"parameters":${all},${count}`;
	if (Buffer.byteLength(all) <= options.maxCommandBytes) return `"parameters":${all},${count}`;
	const some: string[] = [];
	let room = options.maxCommandBytes;
	for (const value of sent.list) {
		const one = JSON.stringify(value);
		room -= Buffer.byteLength(one) + 1;
		if (room < 0) break;
		some.push(one);
	}
	return `"parameters":[${some.join(",")}],${count},"parameters_digest":"sha256:${hash("sha256", all)}"`;
}

/** Only `JsonText` is a string among the values of these fields, and it is taken over as it is. */
function json(value: object | string | null): string {
	return typeof value === "string" ? value : JSON.stringify(value);
}
