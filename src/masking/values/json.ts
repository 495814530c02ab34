import type { JsonPath, PathMask, Transform } from "../mask.ts";
import { compareStrictness } from "../strictness.ts";

/** Deeper than any document that a person made; a deeper one is masked whole. */
const MAX_DEPTH = 512;

/** How one leaf or subtree is rewritten: from JSON's own text to the text of what stands there then. */
export type RewriteLeaf = (mask: Transform, json: string) => string;

/**
 * Masks what lies at the paths of a JSON text, and leaves every other byte of it as it is. Null where the text is no
 * JSON or too deep: then it is not known what lies where.
 *
 * Everything with the key of a path is masked, however often it stands in an object.
 */
export function maskJson(text: string, masks: readonly PathMask[], rewrite: RewriteLeaf): string | null {
	const walker = new Walker(text, rewrite);
	try {
		walker.value(
			masks.map((mask) => ({ mask, rest: mask.path })),
			0,
		);
		return walker.finish();
	} catch (thrown) {
		if (thrown instanceof NotJson || thrown instanceof SyntaxError) return null;
		throw thrown;
	}
}

class NotJson extends Error {}

interface Open {
	readonly mask: PathMask;
	readonly rest: JsonPath;
}

const SPACE = /[ \t\n\r]*/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

class Walker {
	readonly #text: string;
	readonly #rewrite: RewriteLeaf;
	#at = 0;
	#copied = 0;
	#out = "";

	constructor(text: string, rewrite: RewriteLeaf) {
		this.#text = text;
		this.#rewrite = rewrite;
	}

	/** One value; of the masks those that lead through it. */
	value(open: readonly Open[], depth: number): void {
		if (depth > MAX_DEPTH) throw new NotJson();
		this.#match(SPACE);
		const here = open
			.filter(({ rest }) => rest.length === 0)
			.sort((a, b) => compareStrictness(a.mask, b.mask))[0];
		const start = this.#at;
		if (here !== undefined) {
			this.#skip(depth);
			this.#out += this.#text.slice(this.#copied, start);
			this.#out += this.#rewrite(here.mask, this.#text.slice(start, this.#at));
			this.#copied = this.#at;
			return;
		}
		const next = this.#text[this.#at];
		if (next === "{") this.#object(open, depth);
		else if (next === "[") this.#array(open, depth);
		else this.#scalar();
	}

	finish(): string {
		this.#match(SPACE);
		if (this.#at !== this.#text.length) throw new NotJson();
		return this.#out + this.#text.slice(this.#copied);
	}

	#skip(depth: number): void {
		const next = this.#text[this.#at];
		if (next === "{") this.#object([], depth);
		else if (next === "[") this.#array([], depth);
		else this.#scalar();
	}

	#object(open: readonly Open[], depth: number): void {
		this.#at++;
		this.#match(SPACE);
		if (this.#takes("}")) return;
		do {
			this.#match(SPACE);
			const key = this.#string();
			this.#match(SPACE);
			if (!this.#takes(":")) throw new NotJson();
			this.value(open.length === 0 ? open : into(open, JSON.parse(key) as string), depth + 1);
			this.#match(SPACE);
		} while (this.#takes(","));
		if (!this.#takes("}")) throw new NotJson();
	}

	#array(open: readonly Open[], depth: number): void {
		this.#at++;
		this.#match(SPACE);
		if (this.#takes("]")) return;
		let place = 0;
		do {
			this.value(open.length === 0 ? open : into(open, String(place)), depth + 1);
			place++;
			this.#match(SPACE);
		} while (this.#takes(","));
		if (!this.#takes("]")) throw new NotJson();
	}

	#scalar(): void {
		if (this.#text[this.#at] === '"') this.#string();
		else if (this.#match(SCALAR) === "") throw new NotJson();
	}

	/** By hand: a pattern would run out of stack on a text of megabytes. */
	#string(): string {
		const start = this.#at;
		if (this.#text[start] !== '"') throw new NotJson();
		for (let at = start + 1; ; ) {
			const quote = this.#text.indexOf('"', at);
			if (quote === -1) throw new NotJson();
			let escapes = 0;
			while (this.#text[quote - 1 - escapes] === "\\") escapes++;
			at = quote + 1;
			if (escapes % 2 === 1) continue;
			this.#at = at;
			return this.#text.slice(start, at);
		}
	}

	#takes(character: string): boolean {
		if (this.#text[this.#at] !== character) return false;
		this.#at++;
		return true;
	}

	#match(pattern: RegExp): string {
		pattern.lastIndex = this.#at;
		const found = pattern.exec(this.#text)?.[0] ?? "";
		this.#at += found.length;
		return found;
	}
}

/** A negative place counts from the end, which isn't known here: it stands for any. */
function into(open: readonly Open[], key: string): readonly Open[] {
	return open.flatMap(({ mask, rest }) => {
		const [first, ...more] = rest;
		const fits = first === null || first === key || /^-\d+$/.test(first ?? "");
		return fits ? [{ mask, rest: more }] : [];
	});
}
