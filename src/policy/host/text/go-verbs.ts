import { formatFloat } from "./go-number.ts";
import { canBackquote, goQuote } from "./go-quote.ts";

/** An argument of Go's fmt: an int64 or big.Int, a float64, or a string. */
export type GoArgument = string | bigint | { readonly double: number };

export interface Flags {
	sharp: boolean;
	zero: boolean;
	plus: boolean;
	minus: boolean;
	space: boolean;
	width: number | undefined;
	precision: number | undefined;
}

export function typeNameOf(arg: GoArgument): string {
	if (typeof arg === "string") return "string";
	if (typeof arg !== "bigint") return "float64";
	return isInt64(arg) ? "int64" : "*big.Int";
}

function isInt64(value: bigint): boolean {
	return value === BigInt.asIntN(64, value);
}

/** Writes one argument as Go does for the verb, a verb that doesn't fit as `%!verb(type=value)`. */
export function formatArgument(arg: GoArgument, verb: string, given: Flags): string {
	if (verb === "T") return padString(truncate(typeNameOf(arg), given), given);
	if (verb !== "v" && verb !== "w") return write(arg, verb, given);
	// `%#v` and `%+v` are other things than the flags alone: of these types only strings look different.
	const isBig = typeof arg === "bigint" && !isInt64(arg);
	const flags = isBig ? given : { ...given, sharp: false, plus: false };
	const text = write(arg, given.sharp && typeof arg === "string" ? "q" : "v", flags);
	if (verb === "v") return text;
	if (isBig) throw new Error("%w of a large number is not offered");
	return `%!w(${typeNameOf(arg)}=${text})`;
}

function write(arg: GoArgument, verb: string, flags: Flags): string {
	if (typeof arg === "string") return formatString(arg, verb, flags);
	if (typeof arg !== "bigint") return formatDouble(arg.double, verb, flags);
	return isInt64(arg) ? formatInt64(arg, verb, flags) : formatBig(arg, verb, flags);
}

/** The value is printed with the flags as they are, not as `%v` reads them. */
function badVerb(arg: GoArgument, verb: string, flags: Flags): string {
	return `%!${verb}(${typeNameOf(arg)}=${write(arg, "v", flags)})`;
}

function pad(text: string, flags: Flags, zero: boolean): string {
	const missing = (flags.width ?? 0) - [...text].length;
	if (missing <= 0) return text;
	if (flags.minus) return text + " ".repeat(missing);
	return (zero ? "0" : " ").repeat(missing) + text;
}

function padString(text: string, flags: Flags): string {
	return pad(text, flags, flags.zero);
}

function truncate(text: string, { precision }: Flags): string {
	return precision === undefined ? text : [...text].slice(0, precision).join("");
}

function formatString(text: string, verb: string, flags: Flags): string {
	switch (verb) {
		case "v":
		case "s":
			return padString(truncate(text, flags), flags);
		case "q": {
			const shown = truncate(text, flags);
			if (flags.sharp && canBackquote(shown)) return padString(`\`${shown}\``, flags);
			return padString(goQuote(shown, flags.plus), flags);
		}
		case "x":
			return hexString(text, flags, "0x");
		case "X":
			return hexString(text, flags, "0X");
		default:
			return badVerb(text, verb, flags);
	}
}

function hexString(text: string, flags: Flags, prefix: string): string {
	const bytes = [...Buffer.from(text)].slice(0, flags.precision);
	if (bytes.length === 0) return padString("", flags);
	const pairs = bytes.map((byte) => byte.toString(16).padStart(2, "0"));
	const upper = prefix === "0X" ? pairs.map((pair) => pair.toUpperCase()) : pairs;
	const mark = flags.sharp ? prefix : "";
	return padString(flags.space ? upper.map((pair) => mark + pair).join(" ") : mark + upper.join(""), flags);
}

const BASES: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

function formatInt64(value: bigint, verb: string, flags: Flags): string {
	if (verb === "c" || verb === "q" || verb === "U") return formatCharacter(value, verb, flags);
	const base = BASES[verb];
	if (base === undefined) return badVerb(value, verb, flags);
	const negative = value < 0n;
	let least = 0;
	if (flags.precision !== undefined) {
		least = flags.precision;
		if (least === 0 && value === 0n) return " ".repeat(flags.width ?? 0);
	} else if (flags.zero && !flags.minus && flags.width !== undefined) {
		least = flags.width - (negative || flags.plus || flags.space ? 1 : 0);
	}
	let digits = (negative ? -value : value).toString(base).padStart(least, "0");
	if (verb === "X") digits = digits.toUpperCase();
	if (flags.sharp && base === 2) digits = `0b${digits}`;
	if (flags.sharp && base === 8 && !digits.startsWith("0")) digits = `0${digits}`;
	if (flags.sharp && base === 16) digits = `0${verb}${digits}`;
	if (verb === "O") digits = `0o${digits}`;
	return pad(signOf(negative, flags) + digits, flags, false);
}

function signOf(negative: boolean, flags: Flags): string {
	if (negative) return "-";
	if (flags.plus) return "+";
	return flags.space ? " " : "";
}

function formatCharacter(value: bigint, verb: string, flags: Flags): string {
	const unsigned = BigInt.asUintN(64, value);
	if (verb === "U") {
		if (flags.sharp) throw new Error("%#U is not offered");
		const digits = unsigned
			.toString(16)
			.toUpperCase()
			.padStart(Math.max(flags.precision ?? 0, 4), "0");
		return pad(`U+${digits}`, flags, false);
	}
	const code =
		unsigned > 0x10ffffn || (unsigned >= 0xd800n && unsigned < 0xe000n) ? 0xfffd : Number(unsigned);
	const character = String.fromCodePoint(code);
	return padString(verb === "c" ? character : goQuote(character, flags.plus, "'"), flags);
}

/** big.Int formats itself, by rules of its own. */
function formatBig(value: bigint, verb: string, flags: Flags): string {
	if (verb === "p") throw new Error("%p of a large number is not offered");
	const base = verb === "s" ? 10 : BASES[verb];
	if (base === undefined) return `%!${verb}(big.Int=${value})`;
	const sign = signOf(value < 0n, flags);
	let prefix = "";
	if (flags.sharp) prefix = { b: "0b", o: "0", x: "0x", X: "0X" }[verb] ?? "";
	if (verb === "O") prefix = "0o";
	let digits = (value < 0n ? -value : value).toString(base);
	if (verb === "X") digits = digits.toUpperCase();
	digits = digits.padStart(flags.precision ?? 0, "0");
	const missing = (flags.width ?? 0) - (sign.length + prefix.length + digits.length);
	if (missing <= 0) return sign + prefix + digits;
	if (flags.minus) return sign + prefix + digits + " ".repeat(missing);
	if (flags.zero && flags.precision === undefined) return sign + prefix + "0".repeat(missing) + digits;
	return " ".repeat(missing) + sign + prefix + digits;
}

const DEFAULT_PRECISION: Readonly<Record<string, number>> = { v: -1, g: -1, G: -1, f: 6, F: 6, e: 6, E: 6 };

function formatDouble(value: number, verb: string, flags: Flags): string {
	const precision = DEFAULT_PRECISION[verb];
	if (/[bxX]/.test(verb) || (flags.sharp && precision !== undefined)) {
		throw new Error(`%${flags.sharp ? "#" : ""}${verb} of a fraction is not offered`);
	}
	if (precision === undefined) return badVerb({ double: value }, verb, flags);
	const goVerb = verb === "v" ? "g" : verb === "F" ? "f" : verb;
	const text = formatFloat(value, goVerb, flags.precision ?? precision);
	const digits = text.replace(/^-/, "");
	const sign = signOf(text.startsWith("-"), flags);
	const missing = (flags.width ?? 0) - (sign.length + digits.length);
	if (flags.zero && !flags.minus && missing > 0 && sign !== "") return sign + "0".repeat(missing) + digits;
	return padString(sign + digits, flags);
}
