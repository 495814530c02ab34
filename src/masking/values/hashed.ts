import { KeyedBytes } from "./digest.ts";
import type { ValueKind } from "./kinds.ts";

const LARGEST: Readonly<Partial<Record<ValueKind, bigint>>> = {
	smallint: 32_767n,
	integer: 2_147_483_647n,
	bigint: 9_223_372_036_854_775_807n,
};
/** Days from 1900-01-01 to 2099-12-31. */
const FIRST_DAY = Date.UTC(1900, 0, 1);
const DAYS = 73_049;
const DAY_MS = 86_400_000;

/**
 * A value of the kind that stands for the given one: the same for equal values under one key, and no other way back.
 * A text is made of the given one's classes of characters. Null where there is none: a boolean has too few values.
 */
export function hashedValue(kind: ValueKind, text: string, preserve: boolean, key: Buffer): string | null {
	const bytes = new KeyedBytes(key, Buffer.from(text));
	switch (kind) {
		case "text":
			return sameClasses(text, bytes);
		case "smallint":
		case "integer":
		case "bigint":
			return hashedWhole(text, LARGEST[kind] as bigint, preserve, bytes);
		case "decimal":
			return /^-?\d+(\.\d+)?$/.test(text) ? sameDigits(text, bytes) : null;
		case "float":
			return Number.isFinite(Number(text)) ? String(bytes.belowBig(1n << 24n)) : null;
		case "date":
			return finite(text) ? hashedDay(bytes) : null;
		case "timestamp":
			return finite(text) ? `${hashedDay(bytes)} ${hashedTime(bytes)}${zoneOf(text)}` : null;
		case "time":
			return `${hashedTime(bytes)}${zoneOf(text)}`;
		case "uuid":
			return hexLike(text, bytes);
		case "hardware":
			return hexLike(text, bytes);
		case "address":
			return hashedAddress(text, bytes);
		case "bytes":
			return `\\x${hexLike("0".repeat(32), bytes)}`;
		default:
			return null;
	}
}

/** Letters for letters, digits for digits, everything else as it is: the shape of a card, a number plate, an address. */
function sameClasses(text: string, bytes: KeyedBytes): string {
	return text.replaceAll(/\p{N}|\p{L}/gu, (character) => {
		if (/\p{N}/u.test(character)) return String(bytes.below(10));
		const letter = String.fromCharCode(0x61 + bytes.below(26));
		return character !== character.toLowerCase() ? letter.toUpperCase() : letter;
	});
}

function hashedWhole(text: string, largest: bigint, preserve: boolean, bytes: KeyedBytes): string {
	if (!preserve) return bytes.belowBig(largest + 1n).toString();
	const digits = text.replace("-", "").length;
	const from = digits === 1 ? 0n : 10n ** BigInt(digits - 1);
	const above = 10n ** BigInt(digits);
	const to = above > largest ? largest + 1n : above;
	const number = from + bytes.belowBig(to - from);
	return text.startsWith("-") ? `-${number}` : `${number}`;
}

/** As many digits before and behind the point: what fits a column's precision still does. */
function sameDigits(text: string, bytes: KeyedBytes): string {
	let first = true;
	return text.replaceAll(/\d/g, (digit) => {
		const leads = first;
		first = false;
		return String(leads && digit !== "0" ? 1 + bytes.below(9) : bytes.below(leads ? 1 : 10));
	});
}

const finite = (text: string): boolean => /^\d/.test(text);

function hashedDay(bytes: KeyedBytes): string {
	const day = Number(bytes.belowBig(BigInt(DAYS)));
	return new Date(FIRST_DAY + day * DAY_MS).toISOString().slice(0, 10);
}

function hashedTime(bytes: KeyedBytes): string {
	const two = (below: number) => String(bytes.below(below)).padStart(2, "0");
	return `${two(24)}:${two(60)}:${two(60)}`;
}

const zoneOf = (text: string): string => /:\d\d(?:\.\d+)?([+-]\d\d(?::?\d\d){0,2})/.exec(text)?.[1] ?? "";

const hexLike = (text: string, bytes: KeyedBytes): string =>
	text.replaceAll(/[0-9a-f]/gi, () => bytes.below(16).toString(16));

/** One that nobody outside has: in 10.0.0.0/8 and fd00::/8. */
function hashedAddress(text: string, bytes: KeyedBytes): string {
	if (!text.includes(":")) return ["10", ...Array.from({ length: 3 }, () => bytes.below(256))].join(".");
	const word = () => bytes.belowBig(65_536n).toString(16);
	return ["fd00", ...Array.from({ length: 7 }, word)].join(":");
}
