import { ParseCache } from "./cache.ts";
import { Engine, type SqlResult } from "./engine.ts";
import { GrammarError } from "./errors.ts";
import { faultError } from "./faults.ts";
import { MAJORS, type Major } from "./instance.ts";
import {
	DEFAULT_LIMITS,
	type GrammarLimits,
	type ParsedSql,
	type ParseTree,
	type PlpgsqlTree,
} from "./model.ts";
import { ParseThread } from "./parse-thread.ts";
import { type Refusal, refusalOf, survey } from "./survey.ts";
import { checkText } from "./text.ts";
import type { Answer } from "./worker.ts";

/** UTF-16 units up to which a text is parsed where it stands: it can't nest deep enough to do harm. */
const HARMLESS = 1_024;
/** Up to here too, when a survey of it says that it is shallow. About 1 ms of work. */
const SMALL = 16_384;
/** Levels that the main thread's stack (984 kB, some of it in use) holds with room to spare; it breaks near 800. */
const SHALLOW = 250;
/** The engine on the main thread is exchanged when its memory has grown beyond this: it starts with 128 MiB. */
const MEMORY_LIMIT = 160 << 20;

/**
 * The grammar of one server major: libpg_query, which is that server's own parser. One of them serves all sessions
 * on servers of that major.
 *
 * What it does not protect from: it reads texts as a server with `standard_conforming_strings=on` and
 * `client_encoding=UTF8` does, so both have to be pinned; and it says nothing about names.
 */
export class Grammar {
	readonly major: Major;
	readonly #limits: GrammarLimits;
	readonly #cache: ParseCache;
	readonly #thread: ParseThread;
	/** Undefined while a broken one is being replaced: everything goes to the thread then. */
	#engine: Engine | undefined;
	#closed = false;

	private constructor(major: Major, limits: GrammarLimits, engine: Engine) {
		this.major = major;
		this.#limits = limits;
		this.#engine = engine;
		this.#cache = new ParseCache(limits.cacheBytes);
		this.#thread = new ParseThread(major, limits);
	}

	/** `serverVersion` is `server_version_num`, such as 150018. Throws GrammarError `unsupported_server`. */
	static async load(serverVersion: number, limits: GrammarLimits = DEFAULT_LIMITS): Promise<Grammar> {
		const major = MAJORS.find((known) => known === Math.floor(serverVersion / 10_000));
		if (major === undefined) {
			throw new GrammarError("unsupported_server", `there is no grammar for server version ${serverVersion}`);
		}
		return new Grammar(major, limits, await Engine.create(major));
	}

	/**
	 * Parses one message's text, which may hold several statements or none. Small texts are answered at once, others
	 * by a promise; the same text gets the same object while it is remembered. Throws, or rejects with, GrammarError
	 * and nothing else.
	 */
	parse(text: string): ParsedSql | Promise<ParsedSql> {
		const known = this.#cache.get(text);
		if (known !== undefined) return known;
		checkText(text, this.#limits);
		const result = this.#inline(text, (engine) => engine.sql(text));
		if (result === undefined) return this.#parseInThread(text);
		if ("fault" in result) throw faultError(result.fault);
		return this.#keep(text, result);
	}

	/**
	 * Parses a PL/pgSQL body: what stands between the quotes of DO, or `prosrc`. A function's needs its `header`, all of
	 * `CREATE FUNCTION name(arguments) RETURNS type LANGUAGE plpgsql AS` (or PROCEDURE), on which its variables and
	 * RETURN depend. The grammar is 18's for every server; the SQL within stands in the tree as text
	 * (`PLpgSQL_expr.query`), to be parsed with `parse`. Null for whatever it refuses, and for what is too large to be
	 * parsed at once.
	 */
	plpgsqlNow(body: string, header: string): PlpgsqlTree | null {
		try {
			checkText(body, this.#limits);
			checkText(header, this.#limits);
			const result = this.#inline(body, (engine) => engine.plpgsql(header, body));
			if (result === undefined || "fault" in result) return null;
			const tree: unknown = JSON.parse(result.json);
			return (tree as { plpgsql_funcs?: PlpgsqlTree }).plpgsql_funcs ?? null;
		} catch {
			return null;
		}
	}

	/** Ends the thread; texts that wait are refused. */
	async close(): Promise<void> {
		this.#closed = true;
		this.#engine = undefined;
		this.#cache.clear();
		await this.#thread.close();
	}

	/** What `work` gives on the main thread; undefined when the text is one for the other thread, or broke the engine. */
	#inline<T>(text: string, work: (engine: Engine) => T): T | undefined {
		if (this.#closed) throw new GrammarError("sql_parser_failed", "the gateway is closing");
		const engine = this.#engine;
		if (engine === undefined || text.length > SMALL) return undefined;
		if (text.length > HARMLESS) {
			const found = survey(text);
			const refusal = refusalOf(found, this.#limits);
			if (refusal !== null) throw refused(refusal);
			if (found.treeDepth > SHALLOW) return undefined;
		}
		try {
			const result = work(engine);
			if (engine.memoryBytes > MEMORY_LIMIT) this.#replaceEngine();
			return result;
		} catch {
			this.#replaceEngine();
			return undefined;
		}
	}

	async #parseInThread(text: string): Promise<ParsedSql> {
		const result = settled(await this.#thread.run({ text }));
		if ("fault" in result) throw faultError(result.fault);
		return this.#keep(text, result);
	}

	#keep(text: string, result: SqlResult): ParsedSql {
		const tree = JSON.parse(result.json) as ParseTree;
		const parsed = { text: result.text, tree, fingerprint: result.fingerprint };
		return this.#cache.add(text, parsed, text.length + result.json.length);
	}

	#replaceEngine(): void {
		this.#engine = undefined;
		Engine.create(this.major).then(
			(engine) => {
				if (!this.#closed) this.#engine = engine;
			},
			() => {}, // out of memory: the thread goes on serving, and says so itself when it can't
		);
	}
}

/** The thread's answer without its refusals, which are thrown. */
function settled(answer: Answer): Exclude<Answer, { refused: Refusal } | { thrown: string }> {
	if ("refused" in answer) throw refused(answer.refused);
	if (!("thrown" in answer)) return answer;
	throw new GrammarError(answer.overflow ? "sql_too_deep" : "sql_parser_failed", undefined, {
		operator: answer.thrown,
	});
}

function refused(refusal: Refusal): GrammarError {
	const what = refusal === "comments" ? "comments are" : "the statement is";
	return new GrammarError("sql_too_deep", `${what} nested deeper than the gateway analyses`);
}
