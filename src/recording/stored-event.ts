import { hash } from "node:crypto";

/** A line of the record as it was read. Its content is whatever stands there: nothing of it is to be trusted. */
export interface StoredEvent {
	readonly seq: number;
	readonly time: string;
	readonly session: string | null;
	readonly n: number | null;
	readonly prev: string | null;
	readonly chain: string;
	readonly type: string;
	/** The hash that the line states; `intact` says whether it is that of its bytes. */
	readonly hash: string;
	readonly intact: boolean;
	readonly signature: string | null;
	/** The event's own fields, by the names in `events.ts`. */
	readonly fields: Readonly<Record<string, unknown>>;
}

export type ParsedLine =
	| { readonly ok: true; readonly event: StoredEvent }
	| { readonly ok: false; readonly why: string };

const HASH = /^[0-9a-f]{64}$/;
const END = /,"hash":"[0-9a-f]{64}"(?:,"signature":"[A-Za-z0-9+/]{86}==")?\}$/;
const END_BYTES = 256;

/** Reads one line, without its line break. */
export function parseLine(bytes: Buffer): ParsedLine {
	const end = END.exec(bytes.toString("latin1", Math.max(0, bytes.length - END_BYTES)));
	if (end === null) return { ok: false, why: "the line doesn't end in a hash" };
	let value: unknown;
	try {
		value = JSON.parse(bytes.toString("utf8"));
	} catch {
		return { ok: false, why: "the line is not JSON" };
	}
	if (typeof value !== "object" || value === null || Array.isArray(value)) {
		return { ok: false, why: "the line is not a JSON object" };
	}
	const hashed = bytes.subarray(0, bytes.length - end[0].length);
	return shape(value as Record<string, unknown>, hash("sha256", hashed, "hex"));
}

/** What a line of any form says, for who reads very many and believes none of them: its hashes are not looked at. */
export interface UnverifiedEvent {
	readonly time: string;
	readonly session: string | null;
	readonly type: string;
	readonly fields: Readonly<Record<string, unknown>>;
}

/** Undefined for what is not an event. */
export function parseUnverified(bytes: Buffer): UnverifiedEvent | undefined {
	let value: unknown;
	try {
		value = JSON.parse(bytes.toString("utf8"));
	} catch {
		return undefined;
	}
	if (typeof value !== "object" || value === null) return undefined;
	const fields = value as Readonly<Record<string, unknown>>;
	const { time, session, type } = fields;
	if (typeof time !== "string" || typeof type !== "string") return undefined;
	if (session !== null && typeof session !== "string") return undefined;
	return { time, session, type, fields };
}

function shape(line: Record<string, unknown>, computed: string): ParsedLine {
	const { seq, time, session, n, prev, chain, type, hash: stated, signature, ...fields } = line;
	if (!isCount(seq)) return { ok: false, why: "seq is not a positive whole number" };
	if (typeof time !== "string" || Number.isNaN(Date.parse(time)))
		return { ok: false, why: "time is not a time" };
	if (typeof type !== "string") return { ok: false, why: "type is missing" };
	if (!isHash(chain)) return { ok: false, why: "chain is not a hash" };
	if (!isHash(stated)) return { ok: false, why: "hash is not a hash" };
	if (session !== null && typeof session !== "string")
		return { ok: false, why: "session is neither text nor null" };
	const inSession = isCount(n) && isHash(prev);
	if (session === null ? n !== null || prev !== null : !inSession) {
		return { ok: false, why: "session, n and prev don't belong together" };
	}
	const event = {
		seq,
		time,
		session,
		n: n as number | null,
		prev: prev as string | null,
		chain,
		type,
		hash: stated,
		intact: stated === computed,
		signature: typeof signature === "string" ? signature : null,
		fields,
	};
	return { ok: true, event };
}

function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) > 0;
}

function isHash(value: unknown): value is string {
	return typeof value === "string" && HASH.test(value);
}
