import { byteAt, classAt, isDigit, numberEnds, separatorAt, WORD } from "./bytes.ts";
import type { Text } from "./kinds.ts";
import { NONE } from "./kinds.ts";
import { numberOf } from "./numbers.ts";

const HYPHEN = 0x2d;
const POINT = 0x2e;

/** Words before a number that is one for telephones, in the languages of the corpus. */
export const PHONE_WORDS = (
	"phone tel telephone mobile cell cellphone fax whatsapp call sms telefon telefono telephon handy mobil mobiltelefon " +
	"telefonnummer mobilnummer rufnummer telefoon gsm movil celular cellulare telefone telemovel puhelin telefonnr phones " +
	"phonenumber mobileno phoneno tél téléphone teléfono móvil тел телефон 电话 手机 電話 携帯 전화 휴대폰 هاتف טלפון फ़ोन โทร"
).split(" ");

/** ITU-T E.164: at most 15 digits with the country's code. */
const MOST_DIGITS = 15;

/** Assigned country codes (ITU-T E.164, list of 2016 and later changes): all with two digits, then those with three. */
const TWO = new Set(
	(
		"20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 " +
		"90 91 92 93 94 95 98"
	)
		.split(" ")
		.map(Number),
);
const THREE_BY_TWO = new Set([
	21, 22, 23, 24, 25, 26, 29, 35, 37, 38, 42, 50, 59, 67, 68, 69, 80, 85, 87, 88, 96, 97, 99,
]);

/** Groups of digits that were read: reused, for there are many numbers and few telephone numbers. */
interface Digits {
	count: number;
	/** The groups' sizes, five bits each, the first one's highest; 16 is added to one in brackets. */
	shape: number;
	start: number;
	end: number;
	readonly digits: Uint8Array;
}
const found: Digits = { count: 0, shape: 0, start: 0, end: 0, digits: new Uint8Array(MOST_DIGITS + 2) };

/** A shape as it is written here: `3-3-4`, `(3)-3-4`. */
function shapeOf(written: string): number {
	return written
		.split("-")
		.reduce((key, group) => key * 32 + (group.startsWith("(") ? 16 + Number(group[1]) : Number(group)), 0);
}

/**
 * The end of the telephone number at `at` (a `+`, a bracket or a digit): with `+` or 00 and a country's code, in one of
 * the national forms that are written like nothing else, or of any form where a word says so.
 */
export function phoneAt(text: Text, at: number, announced: () => boolean): number {
	const before = byteAt(text, at - 1);
	const joins = before === POINT || before === HYPHEN;
	if (WORD[before] !== 0 || before === 0x2b || (joins && classAt(text, at - 2) !== 0)) return NONE;
	const international = byteAt(text, at) === 0x2b;
	if (!readDigits(text, international ? at + 1 : at)) return NONE;
	const { count, shape, end } = found;
	if (count < 7 || !numberEnds(text, end)) return NONE;
	if (international) return count >= 8 && hasCountry(0) ? end : NONE;
	const zeros = found.digits[0] === 0 && found.digits[1] === 0 && found.digits[2] !== 0;
	if (zeros && count >= 10 && shape >= 32) return hasCountry(2) ? end : NONE;
	if (isNational(shape)) return end;
	return announced() && !looksLikeDate(shape) ? end : NONE;
}

function hasCountry(from: number): boolean {
	const first = found.digits[from] as number;
	if (first === 1 || first === 7) return found.count - from === 11;
	const two = numberOf(found.digits, from, from + 2);
	return TWO.has(two) || THREE_BY_TWO.has(two);
}

/** The number's first digits, as text. */
function leading(): string {
	return found.digits.subarray(0, Math.min(4, found.count)).join("");
}

/** North America; France, Belgium, Switzerland by pairs; mobile numbers of Germany, Great Britain, Spain and Italy. */
const NATIONAL: ReadonlyMap<number, RegExp> = new Map(
	(
		[
			["(3)-3-4 3-3-4", /^[2-9]\d\d[2-9]/],
			["1-3-3-4 1-(3)-3-4", /^1[2-9]\d\d/],
			["2-2-2-2-2", /^0[1-9]/],
			["3-3-2-2 4-2-2-2", /^0[1-9]/],
			["4-6 4-7 4-8 4-3-4", /^01[567]/],
			["5-6 5-3-3", /^07/],
			["3-4-4", /^0[1-9]/],
			["(3)-4-4 (4)-3-4 (5)-6 (4)-6 (3)-8 (3)-7 (3)-3-2 (4)-3-3 (5)-3-3 (5)-5", /^0[1-9]/],
		] as const
	).flatMap(([shapes, digits]) => shapes.split(" ").map((shape) => [shapeOf(shape), digits] as const)),
);

function isNational(shape: number): boolean {
	return NATIONAL.get(shape)?.test(leading()) === true;
}

const DATES = [shapeOf("1-1-4"), shapeOf("1-2-4"), shapeOf("2-1-4"), shapeOf("2-2-4")];
const DATE_FIRST = shapeOf("4-2-2");

function looksLikeDate(shape: number): boolean {
	let first = shape;
	while (first >= 32 ** 3) first = Math.floor(first / 32);
	if (DATES.includes(first)) return true;
	return first === DATE_FIRST && (leading().startsWith("19") || leading().startsWith("20"));
}

/** Groups of digits with one of blank, hyphen, point, slash and brackets between; false where there are none. */
function readDigits(text: Text, from: number): boolean {
	let at = from;
	let group = 0;
	let bracket = 0;
	found.count = 0;
	found.shape = 0;
	found.end = from;
	for (;;) {
		const byte = byteAt(text, at);
		if (isDigit(byte)) {
			if (found.count === found.digits.length) return false;
			found.digits[found.count++] = byte - 0x30;
			group++;
			found.end = ++at;
			continue;
		}
		if (byte === 0x28 && bracket === 0) {
			closeGroup(group, 0);
			group = 0;
			bracket = 16;
			at++;
			continue;
		}
		let gap = 0;
		if (byte === 0x29 && bracket === 16 && group > 0) {
			found.end = ++at;
			gap = separatorAt(text, at).length;
		} else if (bracket === 16) return false;
		else {
			gap = separatorAt(text, at).length;
			if (gap === 0) break;
		}
		const next = byteAt(text, at + gap);
		if (!isDigit(next) && next !== 0x28) break;
		if (found.count >= 7 && isDigit(next) && endsHere(text, at + gap)) break;
		closeGroup(group, bracket);
		group = 0;
		bracket = 0;
		at += gap;
	}
	closeGroup(group, bracket);
	return found.count > 0;
}

function closeGroup(size: number, bracket: number): void {
	if (size > 0) found.shape = found.shape * 32 + size + bracket;
}

/** A number that would get too long doesn't go on with the group that follows: `+49 30 123456 2024`. */
function endsHere(text: Text, at: number): boolean {
	let size = 0;
	while (size <= MOST_DIGITS && isDigit(byteAt(text, at + size))) size++;
	return found.count + size > MOST_DIGITS;
}
