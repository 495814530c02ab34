import { hash } from "node:crypto";

/**
 * A line of the record is one JSON object:
 *
 * `{"seq":7,"time":"...","session":"...","n":3,"prev":HEX,"chain":HEX,"type":"...", ... ,"hash":HEX}`
 *
 * `seq` counts the log's events from 1, `n` those of the session. `chain` is the hash of the log's event before,
 * `prev` that of the session's event before. `hash` is the SHA-256 of the line's own bytes up to `,"hash"`; as it
 * covers `prev` and `chain`, one hash an event holds both chains. Headers of files and checkpoints end in
 * `,"signature":"BASE64"` after it: Ed25519 over `signedMessage(hash)`.
 */
export const FORMAT = 1;

const FILE_NAME = /^([0-9a-hjkmnp-tv-z]{26})\.(\d{6})\.log$/;

/** The name of a log's file: chosen by the gateway, from its own identifier and a number, and from nothing else. */
export function fileName(log: string, number: number): string {
	return `${log}.${String(number).padStart(6, "0")}.log`;
}

/** The log and number that a file's name says; undefined for a name that the gateway doesn't give. */
export function parseFileName(name: string): { log: string; number: number } | undefined {
	const match = FILE_NAME.exec(name);
	if (match?.[1] === undefined) return undefined;
	return { log: match[1], number: Number(match[2]) };
}

/** What `chain` says in the first event of a log. */
export function logRoot(log: string): string {
	return hash("sha256", `sallyport record log ${log}`);
}

/** What `prev` says in the first event of a session. */
export function sessionRoot(session: string, log: string): string {
	return hash("sha256", `sallyport record session ${JSON.stringify(session)} in log ${log}`);
}

/** What is signed for a line with this hash. */
export function signedMessage(lineHash: string): Buffer {
	return Buffer.from(`sallyport record ${FORMAT} ${lineHash}`);
}
