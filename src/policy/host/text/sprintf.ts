import { RegoNumber, type RegoValue } from "../values.ts";
import { display } from "./display.ts";
import { type Flags, formatArgument, type GoArgument, typeNameOf } from "./go-verbs.ts";

/** What Go's fmt takes as width or precision; beyond it the number is refused. */
const MAX_NUMBER = 1_000_000;

/** The arguments as OPA hands them to Go: whole numbers, doubles, and everything else as text. */
function toGo(value: RegoValue): GoArgument {
	if (typeof value === "string") return value;
	if (!(value instanceof RegoNumber)) return display(value);
	if (value.isFloat) {
		const double = Number(value.text);
		return Number.isFinite(double) ? { double } : value.text;
	}
	return BigInt(value.text);
}

/** A format's position and what was read of it. */
interface Cursor {
	at: number;
	argument: number;
	afterIndex: boolean;
	goodIndex: boolean;
	reordered: boolean;
}

/**
 * Go's fmt.Sprintf over Rego's values, errors in its own notation (`%!d(string=x)`). Verbs that print addresses or
 * binary forms of doubles throw. `charge` is told the length of each piece before it is made.
 */
export function sprintf(
	format: string,
	values: readonly RegoValue[],
	charge: (units: number) => void,
): string {
	const args = values.map(toGo);
	const cursor: Cursor = { at: 0, argument: 0, afterIndex: false, goodIndex: true, reordered: false };
	let text = "";
	while (cursor.at < format.length) {
		const percent = format.indexOf("%", cursor.at);
		text += format.slice(cursor.at, percent < 0 ? undefined : percent);
		if (percent < 0) break;
		cursor.at = percent + 1;
		cursor.goodIndex = true;
		cursor.afterIndex = false;
		const flags = readFlags(format, cursor);
		const errors = readWidthAndPrecision(format, cursor, flags, args);
		text += errors;
		if (!cursor.afterIndex) readIndex(format, cursor, args.length);
		const code = format.codePointAt(cursor.at);
		if (code === undefined) {
			text += "%!(NOVERB)";
			break;
		}
		const verb = String.fromCodePoint(code);
		cursor.at += verb.length;
		charge((flags.width ?? 0) + (flags.precision ?? 0));
		text += writeVerb(verb, flags, cursor, args);
	}
	if (!cursor.reordered && cursor.argument < args.length) {
		const extra = args.slice(cursor.argument);
		text += `%!(EXTRA ${extra.map((arg) => `${typeNameOf(arg)}=${formatArgument(arg, "v", noFlags())}`).join(", ")})`;
	}
	return text;
}

function noFlags(): Flags {
	return {
		sharp: false,
		zero: false,
		plus: false,
		minus: false,
		space: false,
		width: undefined,
		precision: undefined,
	};
}

function readFlags(format: string, cursor: Cursor): Flags {
	const flags = noFlags();
	for (; ; cursor.at++) {
		switch (format[cursor.at]) {
			case "#":
				flags.sharp = true;
				break;
			case "0":
				flags.zero = true;
				break;
			case "+":
				flags.plus = true;
				break;
			case "-":
				flags.minus = true;
				break;
			case " ":
				flags.space = true;
				break;
			default:
				return flags;
		}
	}
}

/** Answers what Go prints of a bad width or precision. */
function readWidthAndPrecision(
	format: string,
	cursor: Cursor,
	flags: Flags,
	args: readonly GoArgument[],
): string {
	let errors = "";
	readIndex(format, cursor, args.length);
	if (format[cursor.at] === "*") {
		cursor.at++;
		const width = takeInteger(cursor, args);
		if (width === undefined) errors += "%!(BADWIDTH)";
		else {
			flags.width = Math.abs(width);
			if (width < 0) {
				flags.minus = true;
				flags.zero = false;
			}
		}
		cursor.afterIndex = false;
	} else {
		flags.width = readNumber(format, cursor);
		if (cursor.afterIndex && flags.width !== undefined) cursor.goodIndex = false;
	}
	if (format[cursor.at] !== "." || cursor.at + 1 >= format.length) return errors;
	cursor.at++;
	if (cursor.afterIndex) cursor.goodIndex = false;
	readIndex(format, cursor, args.length);
	if (format[cursor.at] === "*") {
		cursor.at++;
		const precision = takeInteger(cursor, args);
		if (precision === undefined || precision < 0) errors += "%!(BADPREC)";
		else flags.precision = precision;
		cursor.afterIndex = false;
	} else flags.precision = readNumber(format, cursor) ?? 0;
	return errors;
}

function writeVerb(verb: string, flags: Flags, cursor: Cursor, args: readonly GoArgument[]): string {
	if (verb === "%") return "%";
	if (!cursor.goodIndex) return `%!${verb}(BADINDEX)`;
	const arg = args[cursor.argument];
	if (arg === undefined) return `%!${verb}(MISSING)`;
	cursor.argument++;
	return formatArgument(arg, verb, flags);
}

/** An argument's number in brackets, `[2]`. */
function readIndex(format: string, cursor: Cursor, count: number): void {
	cursor.afterIndex = false;
	if (format[cursor.at] !== "[") return;
	cursor.reordered = true;
	const close = format.indexOf("]", cursor.at);
	if (close < 0 || format.length - cursor.at < 3) {
		cursor.goodIndex = false;
		cursor.at++;
		return;
	}
	const inside = format.slice(cursor.at + 1, close);
	cursor.at = close + 1;
	const index = /^\d+$/.test(inside) && Number(inside) <= MAX_NUMBER * 10 ? Number(inside) - 1 : undefined;
	cursor.afterIndex = index !== undefined;
	if (index !== undefined && index >= 0 && index < count) cursor.argument = index;
	else cursor.goodIndex = false;
}

/** A number in the format; one that is too large ends the format, as in Go. */
function readNumber(format: string, cursor: Cursor): number | undefined {
	const [digits = ""] = /^\d*/.exec(format.slice(cursor.at, cursor.at + 16)) ?? [];
	if (digits.length > 8 || Number(digits.slice(0, -1)) > MAX_NUMBER) {
		cursor.at = format.length;
		return undefined;
	}
	cursor.at += digits.length;
	return digits === "" ? undefined : Number(digits);
}

function takeInteger(cursor: Cursor, args: readonly GoArgument[]): number | undefined {
	const arg = args[cursor.argument];
	if (arg === undefined) return undefined;
	cursor.argument++;
	if (typeof arg !== "bigint" || arg > BigInt(MAX_NUMBER) || arg < -BigInt(MAX_NUMBER)) return undefined;
	return Number(arg);
}
