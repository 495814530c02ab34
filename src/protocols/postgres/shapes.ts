import type { ParsedSql } from "./grammar/index.ts";

/**
 * Texts that differ in constants only are the same statement to everything but the server: they parse to the same
 * tree and mean the same, as long as nobody looked at a constant's value. A shape is a text with such constants
 * taken out, and it lets the analysis of one text serve the others.
 *
 * Both halves are deliberately narrow. `shapeOf` reads texts of plain ASCII without comments, backslashes, dollar
 * signs and prefixed literals, and takes out integers of up to nine digits and plain strings, so that the server's
 * scanner sees the same tokens in the same places. `isShapely` accepts trees of well-known nodes in which every
 * constant is compared with a column, or stands in VALUES or SET: places where no rule of the grammar or of the
 * analysis depends on it.
 */

const MAX_LENGTH = 4_096;
const MAX_DIGITS = 9; // more, and the scanner may read a numeric where it read an integer
const INTEGER = "\u0001";
const STRING = "\u0002";

const QUOTE = 0x27;

/** What may stand outside of literals; no slash, dollar, backslash or double quote, and nothing beyond ASCII. */
const PLAIN = new Uint8Array(128);
for (const character of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ \t\r\n,.;:()[]=<>+-*%^|!~?#&@")
	PLAIN[character.charCodeAt(0)] = 1;
const MINUS = 0x2d;

/** The shape of a text; null where it has none, or where the scanner's reading of it isn't certain. */
export function shapeOf(text: string): string | null {
	if (text.length > MAX_LENGTH) return null;
	let shape = "";
	let kept = 0;
	for (let at = 0; at < text.length; ) {
		const code = text.charCodeAt(at);
		if (code === QUOTE) {
			const end = stringEnd(text, at);
			if (end === -1) return null;
			shape += text.slice(kept, at) + STRING;
			at = kept = end;
		} else if (isDigit(code) && !isWord(text.charCodeAt(at - 1))) {
			const end = integerEnd(text, at);
			if (end === -1) return null;
			shape += text.slice(kept, at) + INTEGER;
			at = kept = end;
		} else {
			if (PLAIN[code] !== 1) return null;
			if (code === MINUS && text.charCodeAt(at + 1) === MINUS) return null; // a comment
			at += 1;
		}
	}
	return kept === 0 ? null : shape + text.slice(kept);
}

/** Behind the closing quote; -1 for a string that may be more than it seems. */
function stringEnd(text: string, start: number): number {
	const before = text.charCodeAt(start - 1);
	if (isWord(before) || before === 0x26) return -1; // a prefix: E, B, X, N, U&
	const close = text.indexOf("'", start + 1);
	if (close === -1 || text.slice(start, close).includes("\\")) return -1;
	let next = close + 1;
	if (isWord(text.charCodeAt(next))) return -1;
	while (isSpace(text.charCodeAt(next))) next += 1;
	return text.charCodeAt(next) === QUOTE ? -1 : close + 1; // doubled, or continued on another line
}

/** Behind the last digit; -1 where the number has a point, an exponent or a prefix. */
function integerEnd(text: string, start: number): number {
	if (text.charCodeAt(start - 1) === 0x2e) return -1;
	let end = start + 1;
	while (isDigit(text.charCodeAt(end))) end += 1;
	const next = text.charCodeAt(end);
	return end - start > MAX_DIGITS || next === 0x2e || isWord(next) ? -1 : end;
}

const isDigit = (code: number) => code >= 0x30 && code <= 0x39;
const isSpace = (code: number) => code === 0x20 || (code >= 0x09 && code <= 0x0d);
/** Letters, digits, `_`, `$`, and everything beyond ASCII: what an identifier may hold. NaN is none. */
const isWord = (code: number) =>
	isDigit(code) ||
	(code >= 0x41 && code <= 0x5a) ||
	(code >= 0x61 && code <= 0x7a) ||
	code === 0x5f ||
	code === 0x24 ||
	code > 0x7f;

const STATEMENTS = new Set(["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt"]);
/** Nodes that hold no constant but in an A_Const. */
const NODES = new Set([
	...STATEMENTS,
	"A_Const",
	"A_Expr",
	"A_Star",
	"BoolExpr",
	"ColumnRef",
	"FuncCall",
	"JoinExpr",
	"List",
	"NullTest",
	"RangeSubselect",
	"RangeVar",
	"ResTarget",
	"SortBy",
	"String",
	"SubLink",
]);
const COMPARISONS = new Set(["=", "<>", "<", ">", "<=", ">=", "+", "-"]);

type Tree = Readonly<Record<string, unknown>>;

/** True when the analysis of the text holds for every text of its shape. */
export function isShapely(parsed: ParsedSql): boolean {
	const [raw, ...more] = (parsed.tree.stmts ?? []) as readonly { readonly stmt?: unknown }[];
	if (raw === undefined || more.length > 0 || !isTree(raw.stmt)) return false;
	const kind = Object.keys(raw.stmt)[0];
	return kind !== undefined && STATEMENTS.has(kind) && isIndifferent(raw.stmt);
}

/** True when no constant below stands where its value could matter. */
function isIndifferent(value: unknown): boolean {
	if (Array.isArray(value)) return value.every(isIndifferent);
	if (!isTree(value)) return true;
	return Object.entries(value).every(([key, child]) => {
		if (/^[A-Z]/.test(key) && !NODES.has(key)) return false;
		if (key === "A_Const") return isWordConstant(child);
		if (key === "A_Expr" && isComparisonWithColumn(child)) return true;
		if (key === "valuesLists") return (child as unknown[]).every((row) => itemsOf(row).every(isItem));
		if (key === "UpdateStmt" && isTree(child)) return isIndifferentUpdate(child);
		return isIndifferent(child);
	});
}

function isIndifferentUpdate({ targetList, ...rest }: Tree): boolean {
	const assigned = (targetList as readonly Tree[] | undefined) ?? [];
	return (
		isIndifferent(rest) &&
		assigned.every((target) => isItem((target["ResTarget"] as Tree | undefined)?.["val"]))
	);
}

/** NULL, true and false are words, which a shape keeps. */
function isWordConstant(constant: unknown): boolean {
	return isTree(constant) && ("isnull" in constant || "boolval" in constant);
}

const isItem = (value: unknown): boolean =>
	isTree(value) && "A_Const" in value ? true : isIndifferent(value);

function itemsOf(row: unknown): readonly unknown[] {
	const list = isTree(row) ? (row["List"] as Tree | undefined) : undefined;
	return (list?.["items"] as readonly unknown[] | undefined) ?? [];
}

function isComparisonWithColumn(expression: unknown): boolean {
	if (!isTree(expression) || expression["kind"] !== "AEXPR_OP") return false;
	const { name, lexpr, rexpr } = expression;
	const [operator, ...schema] = name as readonly {
		readonly String?: { readonly sval?: string; readonly str?: string };
	}[];
	if (operator === undefined || schema.length > 0) return false;
	const sign = operator.String?.sval ?? operator.String?.str ?? "";
	return COMPARISONS.has(sign) && ((isColumn(lexpr) && isItem(rexpr)) || (isItem(lexpr) && isColumn(rexpr)));
}

const isColumn = (value: unknown): boolean => isTree(value) && "ColumnRef" in value;
const isTree = (value: unknown): value is Tree =>
	typeof value === "object" && value !== null && !Array.isArray(value);
