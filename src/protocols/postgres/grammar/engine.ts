import { blank, findComments } from "./comments.ts";
import { structuralFingerprint } from "./fingerprint.ts";
import { FULL_MAJOR, type Major, type Parsed, ParserInstance, type SqlFault } from "./instance.ts";
import { characterPosition } from "./offsets.ts";

/** A text as it was parsed; `json` is the tree. */
export interface SqlResult {
	readonly text: string;
	readonly json: string;
	readonly fingerprint: string;
}

/**
 * The parser of one major, and the build that has fingerprints and PL/pgSQL beside it, as one thing to use and to
 * throw away. Whatever is thrown here means throw it away.
 */
export class Engine {
	readonly #parser: ParserInstance;
	/** The same instance when the major is that build's. */
	readonly #full: ParserInstance;

	private constructor(parser: ParserInstance, full: ParserInstance) {
		this.#parser = parser;
		this.#full = full;
	}

	static async create(major: Major): Promise<Engine> {
		const parser = await ParserInstance.create(major);
		return new Engine(parser, major === FULL_MAJOR ? parser : await ParserInstance.create(FULL_MAJOR));
	}

	/** The larger of the two linear memories, in bytes. */
	get memoryBytes(): number {
		return Math.max(this.#parser.memoryBytes, this.#full.memoryBytes);
	}

	/**
	 * libpg_query's scanner hands comments on as tokens, and so is not the server's where there are any. It refuses one
	 * between two words that the grammar looks at together (`NOT` comment `IN`), takes one that is never closed, and
	 * doesn't see that a string goes on after one (`E'a' --` newline `'b'`), so that it takes for a comment what the
	 * server runs. So what counts is the parse of the text with its comments blanked. Where the text as it came has
	 * the same tree, that is what is forwarded, comments and all; where it has not, the blanked one is.
	 */
	sql(text: string): SqlResult | { readonly fault: SqlFault } {
		if (!mayHoldComments(text)) return this.#plain(text);
		const { spans, open } = findComments(text);
		if (spans.length === 0) return this.#plain(text);
		const blanked = blank(text, spans, "byte");
		const parsed = this.#parser.parse(blanked);
		if ("fault" in parsed) return this.#fault(text, spans, open, parsed.fault);
		if (open !== undefined) return { fault: unterminated(text, open) };
		const commented = this.#parser.parse(text);
		const same = "json" in commented && commented.json === parsed.json;
		return this.#finish(same ? text : blanked, parsed.json);
	}

	/** `body`'s comments are blanked for the same reason; its tree counts in lines, so they stay where they are. */
	plpgsql(header: string, body: string): Parsed {
		const clean = blank(body, findComments(body).spans, "byte");
		let tag = "$body$";
		while (clean.includes(tag)) tag = `${tag.slice(0, -1)}_$`;
		return this.#full.plpgsql(`${header} ${tag}${clean}${tag}`);
	}

	#plain(text: string): SqlResult | { readonly fault: SqlFault } {
		const parsed = this.#parser.parse(text);
		return "json" in parsed ? this.#finish(text, parsed.json) : parsed;
	}

	/** The first thing that the server would find fault with, its place counted in characters of the text as it came. */
	#fault(
		text: string,
		spans: readonly number[],
		open: number | undefined,
		known: SqlFault,
	): { fault: SqlFault } {
		const again = this.#parser.parse(blank(text, spans, "character"));
		const fault = "fault" in again ? again.fault : known;
		if (open === undefined) return { fault };
		const late = unterminated(text, open);
		return { fault: fault.position === 0 || fault.position > late.position ? late : fault };
	}

	#finish(text: string, json: string): SqlResult {
		return { text, json, fingerprint: this.#full.fingerprint(text) ?? structuralFingerprint(json) };
	}
}

function mayHoldComments(text: string): boolean {
	return text.includes("--") || text.includes("/*");
}

function unterminated(text: string, open: number): SqlFault {
	const position = characterPosition(text, Buffer.byteLength(text.slice(0, open)));
	return { message: `unterminated /* comment at or near "${text.slice(open)}"`, position, file: "scan.l" };
}
