import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseFileName } from "./format.ts";
import { parseLine } from "./stored-event.ts";

/** Where a log ended when the next one was begun. */
export interface LogEnd {
	readonly log: string;
	readonly file: number;
	readonly seq: number;
	readonly hash: string;
}

const STEP_BYTES = 256 * 1024;

/** The names of the record's files in a directory, oldest log first, each log's files in order. */
export function recordFiles(directory: string): string[] {
	return readdirSync(directory)
		.filter((name) => parseFileName(name) !== undefined)
		.sort();
}

/**
 * The last whole line of the newest log. A line that a killed process left unfinished is passed over, and so is a
 * file that it made and did not get to write to. Undefined when there is no log, or none with a whole line.
 */
export function findEnd(directory: string): LogEnd | undefined {
	for (const name of recordFiles(directory).reverse()) {
		const named = parseFileName(name);
		const end = lastLine(join(directory, name));
		if (named !== undefined && end !== undefined) return { log: named.log, file: named.number, ...end };
	}
	return undefined;
}

function lastLine(path: string): { seq: number; hash: string } | undefined {
	const size = statSync(path).size;
	const fd = openSync(path, "r");
	try {
		for (let length = Math.min(size, STEP_BYTES); length > 0; length = Math.min(size, length * 4)) {
			const bytes = Buffer.alloc(length);
			readSync(fd, bytes, 0, length, size - length);
			const end = bytes.lastIndexOf(0x0a);
			const start = end < 0 ? -1 : bytes.lastIndexOf(0x0a, end - 1);
			if (end >= 0 && (start >= 0 || length === size)) {
				const parsed = parseLine(bytes.subarray(start + 1, end));
				return parsed.ok ? { seq: parsed.event.seq, hash: parsed.event.hash } : undefined;
			}
			if (length === size) return undefined;
		}
		return undefined;
	} finally {
		closeSync(fd);
	}
}
