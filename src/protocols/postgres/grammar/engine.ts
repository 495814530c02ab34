import { blankComments } from "./comments.ts";
import { structuralFingerprint } from "./fingerprint.ts";
import { FULL_MAJOR, type Major, type Parsed, ParserInstance, type SqlFault } from "./instance.ts";

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
	 * libpg_query refuses a comment between two words that the grammar looks at together (`NOT` comment `IN`), where the
	 * server takes it: such a text is tried once more with its comments blanked, and then that is the text.
	 */
	sql(text: string): SqlResult | { readonly fault: SqlFault } {
		const parsed = this.#parser.parse(text);
		if ("json" in parsed) return this.#finish(text, parsed.json);
		const blanked = blankComments(text);
		if (blanked === undefined) return parsed;
		const again = this.#parser.parse(blanked);
		return "json" in again ? this.#finish(blanked, again.json) : parsed;
	}

	plpgsql(text: string): Parsed {
		return this.#full.plpgsql(text);
	}

	#finish(text: string, json: string): SqlResult {
		return { text, json, fingerprint: this.#full.fingerprint(text) ?? structuralFingerprint(json) };
	}
}
