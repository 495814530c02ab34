import { byteAt, classAt, DIGIT, isDigit, isTail, LOWER, UPPER, wordEnds } from "../bytes.ts";
import { isDay } from "../checks.ts";
import type { Text } from "../kinds.ts";

export interface LetteredHit {
	readonly of: string;
	readonly end: number;
}

const SPANISH = "TRWAGMYFPDXBNJZSQVHLCKE";
const FINNISH = "0123456789ABCDEFHJKLMNPRSTUVWXY";
const CHINESE_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** National numbers with letters in them that begin with a digit: Spain, Finland, China, Chile, Ireland. */
export function letteredFromDigit(text: Text, at: number): LetteredHit | null {
	if (classAt(text, at - 1) !== 0 || isTail(text, at)) return null;
	let digits = 0;
	while (digits < 18 && isDigit(byteAt(text, at + digits))) digits++;
	const next = byteAt(text, at + digits);
	if (digits === 8) return spanish(text, at) ?? chilean(text, at, 8);
	if (digits === 7) return irish(text, at) ?? chilean(text, at, 7);
	if (digits === 6 && "+-ABCDEFUVWXY".includes(String.fromCharCode(next))) return finnish(text, at);
	if (digits >= 17) return chinese(text, at);
	if ((digits === 1 || digits === 2) && next === 0x2e) return chilean(text, at, digits);
	return null;
}

/** Those that begin with a letter: Spain's for foreigners, Italy, Singapore, Mexico. */
export function letteredFromLetter(text: Text, at: number): LetteredHit | null {
	const length = wordLength(text, at);
	if (length === 9) return foreigner(text, at) ?? singaporean(text, at);
	if (length === 16) return italian(text, at);
	if (length === 18) return mexican(text, at);
	return null;
}

function wordLength(text: Text, at: number): number {
	let length = 0;
	while (length < 19 && !wordEnds(text, at + length)) length++;
	return length;
}

const letter = (byte: number) => String.fromCharCode(byte).toUpperCase();

function hit(text: Text, of: string, end: number): LetteredHit | null {
	return wordEnds(text, end) ? { of, end } : null;
}

function numberAt(text: Text, at: number, digits: number): number {
	let value = 0;
	for (let i = 0; i < digits; i++) value = value * 10 + (byteAt(text, at + i) - 0x30);
	return value;
}

function allDigits(text: Text, at: number, digits: number): boolean {
	for (let i = 0; i < digits; i++) if (!isDigit(byteAt(text, at + i))) return false;
	return true;
}

function spanish(text: Text, at: number): LetteredHit | null {
	const hyphen = byteAt(text, at + 8) === 0x2d ? 1 : 0;
	const check = letter(byteAt(text, at + 8 + hyphen));
	return SPANISH[numberAt(text, at, 8) % 23] === check ? hit(text, "es_dni", at + 9 + hyphen) : null;
}

function foreigner(text: Text, at: number): LetteredHit | null {
	const kind = "XYZ".indexOf(letter(byteAt(text, at)));
	if (kind === -1 || !allDigits(text, at + 1, 7)) return null;
	const check = letter(byteAt(text, at + 8));
	return SPANISH[(kind * 10_000_000 + numberAt(text, at + 1, 7)) % 23] === check
		? hit(text, "es_nie", at + 9)
		: null;
}

function finnish(text: Text, at: number): LetteredHit | null {
	if (!isDay(numberAt(text, at + 2, 2), numberAt(text, at, 2)) || !allDigits(text, at + 7, 3)) return null;
	const number = numberAt(text, at, 6) * 1000 + numberAt(text, at + 7, 3);
	return FINNISH[number % 31] === letter(byteAt(text, at + 10)) ? hit(text, "fi_hetu", at + 11) : null;
}

/** GB 11643: region, date of birth, order, and a check by ISO 7064, MOD 11-2. */
function chinese(text: Text, at: number): LetteredHit | null {
	const year = numberAt(text, at + 6, 4);
	if (year < 1880 || year > 2100 || !isDay(numberAt(text, at + 10, 2), numberAt(text, at + 12, 2)))
		return null;
	let sum = 0;
	for (const [i, weight] of CHINESE_WEIGHTS.entries()) sum += (byteAt(text, at + i) - 0x30) * weight;
	return "10X98765432"[sum % 11] === letter(byteAt(text, at + 17))
		? hit(text, "cn_resident_id", at + 18)
		: null;
}

/** With points (`12.345.678-5`) or without; always with the hyphen, and without points only with the letter K. */
function chilean(text: Text, at: number, digits: number): LetteredHit | null {
	let number = numberAt(text, at, digits);
	let end = at + digits;
	if (digits < 3) {
		for (let group = 0; group < 2; group++, end += 4) {
			if (byteAt(text, end) !== 0x2e || !allDigits(text, end + 1, 3)) return null;
			number = number * 1000 + numberAt(text, end + 1, 3);
		}
	}
	const check = letter(byteAt(text, end + 1));
	if (byteAt(text, end) !== 0x2d || (digits > 2 && check !== "K")) return null;
	let sum = 0;
	for (
		let rest = number, factor = 2;
		rest > 0;
		rest = Math.floor(rest / 10), factor = factor === 7 ? 2 : factor + 1
	)
		sum += (rest % 10) * factor;
	return "0K987654321"[sum % 11] === check ? hit(text, "cl_rut", end + 2) : null;
}

function irish(text: Text, at: number): LetteredHit | null {
	const second = byteAt(text, at + 8);
	const extra = classAt(text, at + 8) === UPPER ? 9 * (second - 0x40) : 0;
	let sum = extra;
	for (let i = 0; i < 7; i++) sum += (byteAt(text, at + i) - 0x30) * (8 - i);
	const check = "WABCDEFGHIJKLMNOPQRSTUV"[sum % 23];
	return check === letter(byteAt(text, at + 7)) && classAt(text, at + 7) === UPPER
		? hit(text, "ie_pps", at + (extra > 0 ? 9 : 8))
		: null;
}

function singaporean(text: Text, at: number): LetteredHit | null {
	const kind = letter(byteAt(text, at));
	if (!"STFG".includes(kind) || !allDigits(text, at + 1, 7)) return null;
	let sum = kind === "T" || kind === "G" ? 4 : 0;
	for (const [i, weight] of [2, 7, 6, 5, 4, 3, 2].entries())
		sum += (byteAt(text, at + 1 + i) - 0x30) * weight;
	const check = (kind === "S" || kind === "T" ? "JZIHGFEDCBA" : "XWUTRQPNMLK")[sum % 11];
	return check === letter(byteAt(text, at + 8)) ? hit(text, "sg_nric", at + 9) : null;
}

/** What a character counts at an odd place of the codice fiscale (decree of 23 December 1976). */
const ITALIAN_ODD = [
	1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
];
/** Six letters, two digits, a month's letter, two digits, a letter, three digits, a letter; digits may be letters. */
const ITALIAN_FORM = "LLLLLLDDLDDLDDDL";

function italian(text: Text, at: number): LetteredHit | null {
	let sum = 0;
	for (let i = 0; i < 16; i++) {
		const byte = byteAt(text, at + i);
		const kind = classAt(text, at + i);
		const isLetter = kind === UPPER || kind === LOWER;
		const upper = letter(byte);
		if (ITALIAN_FORM[i] === "L" ? !isLetter : kind !== DIGIT && !"LMNPQRSTUV".includes(upper)) return null;
		if (i === 8 && !"ABCDEHLMPRST".includes(upper)) return null;
		const value = isLetter ? upper.charCodeAt(0) - 0x41 : byte - 0x30;
		if (i < 15) sum += i % 2 === 0 ? (ITALIAN_ODD[value] as number) : value;
		else if (value !== sum % 26) return null;
	}
	return hit(text, "it_codice_fiscale", at + 16);
}

const MEXICAN = "0123456789ABCDEFGHIJKLMN.OPQRSTUVWXYZ";

function mexican(text: Text, at: number): LetteredHit | null {
	if (!allDigits(text, at + 4, 6) || !isDay(numberAt(text, at + 6, 2), numberAt(text, at + 8, 2)))
		return null;
	if (!"HMX".includes(letter(byteAt(text, at + 10)))) return null;
	let sum = 0;
	for (let i = 0; i < 17; i++) sum += MEXICAN.indexOf(letter(byteAt(text, at + i))) * (18 - i);
	const check = (10 - (sum % 10)) % 10;
	return byteAt(text, at + 17) - 0x30 === check ? hit(text, "mx_curp", at + 18) : null;
}
