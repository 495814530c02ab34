import { open } from "node:fs/promises";

/** A line of a file as it lies there. */
export interface FileLine {
	/** From 1. */
	readonly line: number;
	/** Of its first byte. */
	readonly offset: number;
	/** Without its line break. */
	readonly bytes: Buffer;
	/** False for the bytes after the last line break. */
	readonly ended: boolean;
	/** Where the next line begins. */
	readonly end: number;
}

/** Where to begin in a file. */
export interface LineStart {
	readonly line: number;
	readonly offset: number;
}

export const FIRST_LINE: LineStart = { line: 1, offset: 0 };

const STEP_BYTES = 256 * 1024;
/** No line that the gateway writes comes near; bytes beyond are passed over, so that a huge file can't fill memory. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** Reads a file line by line, a piece at a time, so that the rest of the process goes on. */
export async function* readLines(path: string, from: LineStart = FIRST_LINE): AsyncGenerator<FileLine> {
	const file = await open(path, "r");
	try {
		let rest: Buffer[] = [];
		let restBytes = 0;
		let { line, offset } = from;
		let at = offset;
		for (;;) {
			const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(STEP_BYTES), 0, STEP_BYTES, at);
			if (bytesRead === 0) break;
			at += bytesRead;
			const piece = buffer.subarray(0, bytesRead);
			let start = 0;
			for (let end = piece.indexOf(0x0a); end >= 0; end = piece.indexOf(0x0a, start)) {
				rest.push(piece.subarray(start, end));
				const length = restBytes + end - start;
				yield {
					line,
					offset,
					bytes: rest.length === 1 && rest[0] ? rest[0] : Buffer.concat(rest),
					ended: true,
					end: offset + length + 1,
				};
				offset += length + 1;
				line++;
				rest = [];
				restBytes = 0;
				start = end + 1;
			}
			restBytes += bytesRead - start;
			if (restBytes <= MAX_LINE_BYTES) rest.push(piece.subarray(start));
		}
		if (restBytes > 0) yield { line, offset, bytes: Buffer.concat(rest), ended: false, end: at };
	} finally {
		await file.close();
	}
}
