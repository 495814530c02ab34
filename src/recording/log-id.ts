import { newId } from "../lib/index.ts";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** An identifier for a new log that sorts after the newest file's, even when the clock was set back in between. */
export function nextLogId(now: number, newestFile: string | undefined): string {
	return newId(newestFile === undefined ? now : Math.max(now, timeOf(newestFile) + 1));
}

/** The milliseconds that the first ten characters of an identifier say (see `newId`). */
function timeOf(id: string): number {
	let time = 0;
	for (const character of id.slice(0, 10)) time = time * 32 + ALPHABET.indexOf(character);
	return time;
}
