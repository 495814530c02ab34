import { tokenize } from "./lexer.ts";

export interface Comments {
	/** UTF-16 offsets of the comments that may be blanked: start and end, one after the other. */
	readonly spans: readonly number[];
	/** Where a block comment begins that the text ends in; undefined when every one is closed. */
	readonly open: number | undefined;
}

/**
 * The comments of a text. A block comment between two strings is not among those to be blanked: it keeps them apart,
 * and blanks with a line end would make them one.
 */
export function findComments(text: string): Comments {
	const spans: number[] = [];
	let open: number | undefined;
	/** How many of `spans` there were when the last string ended; -1 when something else came since. */
	let sinceString = -1;
	let blocks = false;
	const token = () => {
		sinceString = -1;
	};
	tokenize(text, {
		comment(start, end, depth, closed) {
			if (!closed) open = start;
			if (depth > 0) blocks = true;
			spans.push(start, end);
		},
		quoted(start, _end, quote) {
			// Only a bare quote goes on with the string before it.
			if (sinceString >= 0 && blocks && text[start] === "'") keepBlocks(text, spans, sinceString);
			sinceString = quote === "'" ? spans.length : -1;
			blocks = false;
		},
		word: token,
		operator: token,
		other: token,
	});
	return { spans, open };
}

/** Takes the block comments out of `spans` from `from` on. */
function keepBlocks(text: string, spans: number[], from: number): void {
	const kept = spans.splice(from);
	for (let index = 0; index < kept.length; index += 2) {
		const [start = 0, end = 0] = kept.slice(index, index + 2);
		if (text.startsWith("--", start)) spans.push(start, end);
	}
}

/**
 * The text with these comments as blanks, line ends kept: one blank for each byte, so that what counts in bytes keeps
 * its place, or one for each character.
 */
export function blank(text: string, spans: readonly number[], per: "byte" | "character"): string {
	let blanked = "";
	let copied = 0;
	for (let index = 0; index < spans.length; index += 2) {
		const [start = 0, end = 0] = spans.slice(index, index + 2);
		const comment = text.slice(start, end);
		blanked += text.slice(copied, start);
		blanked += comment.replace(/[^\r\n]/gu, (character) =>
			per === "byte" ? " ".repeat(Buffer.byteLength(character)) : " ",
		);
		copied = end;
	}
	return blanked + text.slice(copied);
}
