/**
 * The boundaries that PostgreSQL's scanner sees (scan.l, with `standard_conforming_strings` on): where comments,
 * strings, quoted names and dollar quotes begin and end, and nothing more. It decides how a text is parsed and which
 * characters are comments; what a text MEANS comes from the parser alone, and what is forwarded is always what was
 * parsed, so an error here can cost an answer but can't hide a statement.
 */

/** Receives one token after another; `start` and `end` are UTF-16 offsets. */
export interface TokenSink {
	/** A comment; `depth` is the deepest nesting within it, 0 for `--`; `closed` is false when the text ends in it. */
	comment(start: number, end: number, depth: number, closed: boolean): void;
	/** A string or a part of one that goes on, a quoted name, a dollar quote; whatever is not closed ends with the text. */
	quoted(start: number, end: number, quote: "'" | '"' | "$"): void;
	word(start: number, end: number): void;
	/** A run of operator characters, cut where a comment begins. */
	operator(start: number, end: number): void;
	/** `( ) [ ] , ; . :` and numbers, one character or number a time. */
	other(start: number, end: number): void;
}

const DIGIT = 1;
const WORD_START = 2;
const OPERATOR = 4;
const SPACE = 8;

/** The class of each ASCII character; everything beyond ASCII may begin a word. */
const CLASS = new Uint8Array(128);
for (const digit of "0123456789") CLASS[digit.charCodeAt(0)] = DIGIT;
for (const letter of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
	CLASS[letter.charCodeAt(0)] = WORD_START;
for (const sign of "~!@#^&|`?+-*/%<>=") CLASS[sign.charCodeAt(0)] = OPERATOR;
for (const blank of " \t\n\r\f\v") CLASS[blank.charCodeAt(0)] = SPACE;

const classOf = (code: number): number => (code > 127 ? WORD_START : (CLASS[code] ?? 0));

const QUOTE = 39;
const DOUBLE_QUOTE = 34;
const DOLLAR = 36;
const BACKSLASH = 92;

export function tokenize(text: string, sink: TokenSink): void {
	let at = 0;
	while (at < text.length) {
		const start = at;
		const code = text.charCodeAt(at);
		const kind = classOf(code);
		if (kind === SPACE) {
			at++;
		} else if (text.startsWith("--", at)) {
			at = endOfLine(text, at);
			sink.comment(start, at, 0, true);
		} else if (text.startsWith("/*", at)) {
			const comment = blockComment(text, at);
			at = comment.end;
			sink.comment(start, at, comment.depth, comment.closed);
		} else if (code === QUOTE) {
			at = strings(text, at, at, false, sink);
		} else if (code === DOUBLE_QUOTE) {
			at = quotedEnd(text, at, DOUBLE_QUOTE, false);
			sink.quoted(start, at, '"');
		} else if (code === DOLLAR) {
			const end = dollarEnd(text, at);
			at = end ?? at + 1;
			if (end === undefined) sink.other(start, at);
			else sink.quoted(start, at, "$");
		} else if (kind === WORD_START) {
			const escapes = (code === 69 || code === 101) && text.charCodeAt(at + 1) === QUOTE;
			if (escapes) {
				at = strings(text, at, at + 1, true, sink);
			} else {
				at = wordEnd(text, at);
				sink.word(start, at);
			}
		} else if (kind === DIGIT) {
			at = numberEnd(text, at);
			sink.other(start, at);
		} else if (kind === OPERATOR) {
			at = operatorEnd(text, at);
			sink.operator(start, at);
		} else {
			at++;
			sink.other(start, at);
		}
	}
}

function endOfLine(text: string, at: number): number {
	while (at < text.length && text[at] !== "\n" && text[at] !== "\r") at++;
	return at;
}

function blockComment(text: string, at: number): { end: number; depth: number; closed: boolean } {
	let depth = 0;
	let deepest = 0;
	while (at < text.length) {
		if (text.startsWith("/*", at)) {
			depth++;
			deepest = Math.max(deepest, depth);
			at += 2;
		} else if (text.startsWith("*/", at)) {
			depth--;
			at += 2;
			if (depth === 0) break;
		} else at++;
	}
	return { end: at, depth: deepest, closed: depth === 0 };
}

/** `at` is on the opening quote. A doubled quote is part of the string, and after a backslash so is anything. */
function quotedEnd(text: string, at: number, quote: number, backslashes: boolean): number {
	at++;
	while (at < text.length) {
		const code = text.charCodeAt(at);
		if (code === quote) {
			if (text.charCodeAt(at + 1) !== quote) return at + 1;
			at += 2;
		} else at += backslashes && code === BACKSLASH ? 2 : 1;
	}
	return text.length;
}

/**
 * A string and those that go on with it: what follows after blanks and `--` comments with a line end among them is the
 * same string under the same rules. `at` is on the opening quote. Gives the end of the last.
 */
function strings(text: string, start: number, at: number, backslashes: boolean, sink: TokenSink): number {
	for (;;) {
		const end = quotedEnd(text, at, QUOTE, backslashes);
		sink.quoted(start, end, "'");
		const comments: number[] = [];
		let next = end;
		let newline = false;
		while (next < text.length) {
			if (text.startsWith("--", next)) {
				comments.push(next);
				next = endOfLine(text, next);
				comments.push(next);
			} else if (classOf(text.charCodeAt(next)) === SPACE) {
				newline ||= text[next] === "\n" || text[next] === "\r";
				next++;
			} else break;
		}
		if (!newline || text.charCodeAt(next) !== QUOTE) return end;
		for (let index = 0; index < comments.length; index += 2) {
			sink.comment(comments[index] ?? 0, comments[index + 1] ?? 0, 0, true);
		}
		start = next;
		at = next;
	}
}

/** The end of a dollar quote that begins here; undefined when none does (`$1`, a lone dollar). */
function dollarEnd(text: string, at: number): number | undefined {
	let tag = at + 1;
	while (tag < text.length) {
		const kind = classOf(text.charCodeAt(tag));
		if (kind !== WORD_START && !(kind === DIGIT && tag > at + 1)) break;
		tag++;
	}
	if (text.charCodeAt(tag) !== DOLLAR) return undefined;
	const delimiter = text.slice(at, tag + 1);
	const close = text.indexOf(delimiter, tag + 1);
	return close < 0 ? text.length : close + delimiter.length;
}

function wordEnd(text: string, at: number): number {
	at++;
	while (at < text.length) {
		const code = text.charCodeAt(at);
		if (code !== DOLLAR && (classOf(code) & (WORD_START | DIGIT)) === 0) break;
		at++;
	}
	return at;
}

/** Digits and fraction, and an exponent only when it is whole: PostgreSQL 14 reads `1E'x'` as `1` and `E'x'`. */
function numberEnd(text: string, at: number): number {
	while (classOf(text.charCodeAt(at)) === DIGIT || text[at] === ".") at++;
	const exponent = /^[eE][+-]?\d+/.exec(text.slice(at, at + 32));
	return exponent === null ? at : at + exponent[0].length;
}

function operatorEnd(text: string, at: number): number {
	at++;
	while (at < text.length && classOf(text.charCodeAt(at)) === OPERATOR) {
		if (text.startsWith("--", at) || text.startsWith("/*", at)) break;
		at++;
	}
	return at;
}
