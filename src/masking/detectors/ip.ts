import { byteAt, classAt, DIGIT, isDigit, LOWER, separatorAt, UPPER, WORD } from "./bytes.ts";
import { NONE, type Text } from "./kinds.ts";
import type { NumberRun } from "./numbers.ts";

const COLON = 0x3a;
const POINT = 0x2e;
const SLASH = 0x2f;

/** The end of the IPv4 address that the run begins with. Four numbers behind a product's name are a version. */
export function ipv4At(text: Text, run: NumberRun): number {
	if (run.groups < 4) return NONE;
	let digit = 0;
	for (let group = 0; group < 4; group++) {
		const size = run.sizes[group] as number;
		if (size > 3 || (group > 0 && run.separators[group] !== POINT)) return NONE;
		let octet = 0;
		for (let i = 0; i < size; i++) octet = octet * 10 + (run.digits[digit++] as number);
		if (octet > 255 || (size > 1 && run.digits[digit - size] === 0)) return NONE;
	}
	const end = run.endOf(4);
	if (WORD[byteAt(text, end)] !== 0) return NONE;
	const { as } = separatorAt(text, end);
	if ((as === POINT || as === 0x2d) && classAt(text, end + 1) !== 0) return NONE;
	const before = byteAt(text, run.start - 1);
	const twoBefore = classAt(text, run.start - 2);
	// `Chrome/120.0.0.0`, `1.2.3.4.5`, `lib-1.2.3.4`
	if (before === POINT || before === 0x2d || WORD[before] !== 0) return NONE;
	if (before === SLASH && (twoBefore === LOWER || twoBefore === UPPER)) return NONE;
	return end;
}

function isHex(byte: number): boolean {
	return isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

/**
 * The IPv6 address (RFC 4291, 2.2) around the first colon of one. Hours, MAC addresses and `std::string` are none:
 * it has eight groups, or a gap and three groups or a first one of three digits and more.
 */
export function ipv6Around(
	text: Text,
	colon: number,
): { readonly start: number; readonly end: number } | null {
	let start = colon;
	while (colon - start < 5 && isHex(byteAt(text, start - 1))) start--;
	const before = byteAt(text, start - 1);
	if (colon - start > 4 || WORD[before] !== 0 || before === COLON || before === POINT) return null;
	let at = start;
	let groups = 0;
	let gap = false;
	let digits = 0;
	for (;;) {
		const first = at;
		while (at - first < 5 && isHex(byteAt(text, at))) {
			if (isDigit(byteAt(text, at))) digits++;
			at++;
		}
		if (at - first > 4) return null;
		if (at > first) groups++;
		if (byteAt(text, at) === POINT && groups > 1) {
			const tail = dottedTail(text, first);
			if (tail === NONE) break;
			at = tail;
			groups++;
			break;
		}
		if (byteAt(text, at) !== COLON || groups > 8) break;
		if (byteAt(text, at + 1) === COLON) {
			if (gap) return null;
			gap = true;
			at += 2;
		} else if (isHex(byteAt(text, at + 1))) at += 1;
		else break;
	}
	if (WORD[byteAt(text, at)] !== 0 || byteAt(text, at) === COLON) return null;
	const firstSize = colon - start;
	const plausible = gap
		? groups <= 7 && (groups >= 3 || firstSize >= 3 || isLoopback(text, start, at))
		: groups === 8;
	return plausible && digits > 0 ? { start, end: at } : null;
}

function isLoopback(text: Text, start: number, end: number): boolean {
	return end - start === 3 && byteAt(text, start) === COLON && byteAt(text, start + 2) === 0x31;
}

/** An IPv4 address in the last 32 bits: `::ffff:10.0.0.1`. */
function dottedTail(text: Text, at: number): number {
	let i = at;
	for (let part = 0; part < 4; part++) {
		if (part > 0 && byteAt(text, i++) !== POINT) return NONE;
		const first = i;
		while (i - first < 3 && classAt(text, i) === DIGIT) i++;
		if (i === first) return NONE;
	}
	return i;
}
