import type { Catalog } from "../catalog/model.ts";
import { baseOf } from "./coercion.ts";
import { alwaysBecomes, becomeOne, comparesAlways } from "./total-casts.ts";
import { TYPE, type Value } from "./value.ts";

const COMPARISONS: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);
const LIKE: ReadonlySet<string> = new Set(["~~", "!~~", "~~*", "!~~*"]);
const MATCHES: ReadonlySet<string> = new Set(["~", "!~", "~*", "!~*"]);
const DOCUMENT: ReadonlySet<string> = new Set(["->", "->>", "#>", "#>>", "@>", "<@", "?", "?|", "?&"]);
const BITS: ReadonlySet<string> = new Set(["&", "|", "#", "~"]);
const INTEGERS: ReadonlySet<number> = new Set([21, TYPE.int4, TYPE.int8]);
const DATES: ReadonlySet<number> = new Set([TYPE.date, TYPE.timestamp, TYPE.timestamptz]);

/** True when the server's operator of that name succeeds for every value of this operand, with such others. */
export function succeeds(
	symbol: string,
	operands: readonly Value[],
	index: number,
	catalog: Catalog,
): boolean {
	const operand = operands[index];
	const other = operands.length === 2 ? operands[1 - index] : undefined;
	const type = baseOf(operand?.type ?? 0, catalog);
	const isText = alwaysBecomes(type, TYPE.text, catalog) && TEXTS.has(type);
	const types = operands.map((each) => baseOf(each.type, catalog));
	if (COMPARISONS.has(symbol)) return compares(operands, types, catalog);
	if (LIKE.has(symbol)) return isText && index === 0 && isWhole(other);
	if (MATCHES.has(symbol)) return isText && index === 0;
	if (symbol === "^@") return types.every((each) => TEXTS.has(each) || each === TYPE.unknown);
	if (symbol === "||") return joins(types);
	if (DOCUMENT.has(symbol)) return type === TYPE.jsonb && index === 0;
	if (BITS.has(symbol)) return types.every((each) => INTEGERS.has(each));
	return false;
}

const TEXTS: ReadonlySet<number> = new Set([TYPE.text, TYPE.varchar, 1042, TYPE.name]);

function compares(operands: readonly Value[], types: readonly number[], catalog: Catalog): boolean {
	const known = types.filter((each) => each !== TYPE.unknown);
	if (!known.every((each) => comparesAlways(each, catalog))) return false;
	// Dates of one kind and another are compared by an operator of their own.
	return known.every((each) => DATES.has(each)) || becomeOne(operands, catalog);
}

/** Texts with what becomes one, strings of bytes and of bits. Arrays have to fit together. */
function joins(types: readonly number[]): boolean {
	const known = types.filter((each) => each !== TYPE.unknown);
	if (known.includes(0)) return false;
	if (known.some((each) => TEXTS.has(each))) return known.every((each) => !STRUCTURED.has(each));
	return known.length > 0 && known.every((each) => each === TYPE.bytea);
}

/** Of these a concatenation may mean another than that of texts. */
const STRUCTURED: ReadonlySet<number> = new Set([TYPE.anyarray, 1009, 1015, TYPE.jsonb, 3614, 3615]);

/** A pattern that is written out and does not end within an escape: whether that is found depends on the text. */
const isWhole = (pattern: Value | undefined): boolean =>
	pattern?.literal !== undefined && (/\\*$/.exec(pattern.literal)?.[0].length ?? 0) % 2 === 0;
