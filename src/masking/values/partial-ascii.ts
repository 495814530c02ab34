/** What a byte is to `partial`: one that counts, a separator, or what an address is told by. */
const COUNTS = 0;
const SEPARATOR = 1;
const POINT = 2;
const AT = 3;
const CONTROL = 4;
const BEYOND_ASCII = 5;

const KINDS = new Uint8Array(256);
KINDS.fill(CONTROL, 0, 0x20);
KINDS.fill(BEYOND_ASCII, 0x80);
for (const separator of Buffer.from(" -/()+:_,")) KINDS[separator] = SEPARATOR;
KINDS[0x2e] = POINT;
KINDS[0x40] = AT;

const STAR = 0x2a;
const BLANK = 0x20;
/** What stands for a byte where it is not kept. */
const MASKED = new Uint8Array(256).fill(STAR);
for (const separator of Buffer.from(" -./()+:_,")) MASKED[separator] = separator;

const BEFORE_TOP_LEVEL = Buffer.from("***@***.");

/** By how much a masked value may be longer than the value. */
export const PARTIAL_GROWTH = BEFORE_TOP_LEVEL.length;
/** What `writePartial` answers where it wrote nothing. */
export const NOT_ASCII = -1;

/**
 * Writes `partialText` of `from[start, end)` to `to[at]`, many times as fast, where the value is of ASCII alone.
 * @returns how many bytes were written, at most `PARTIAL_GROWTH` more than the value has; or `NOT_ASCII`
 */
export function writePartial(
	{ keep, keepFirst }: { readonly keep: number; readonly keepFirst: number },
	from: Uint8Array,
	start: number,
	end: number,
	to: Uint8Array,
	at: number,
): number {
	let count = 0;
	let atSigns = 0;
	let sign = start;
	let point = -1;
	let spaced = false;
	for (let index = start, place = at; index < end; index++, place++) {
		const byte = from[index] as number;
		const kind = KINDS[byte];
		to[place] = MASKED[byte] as number;
		if (kind === COUNTS) count++;
		else if (kind === SEPARATOR) spaced ||= byte === BLANK;
		else if (kind === POINT) point = index;
		else if (kind === BEYOND_ASCII) return NOT_ASCII;
		else {
			count++;
			if (kind === CONTROL) spaced = true;
			else {
				atSigns++;
				sign = index;
			}
		}
	}
	const isEmail = atSigns === 1 && sign > start && point > sign + 1 && point < end - 1;
	if (isEmail && !spaced && keep + keepFirst === 0) return writeEmail(from, start, sign, point, end, to, at);
	if (count === 0) to.fill(STAR, at, at + end - start);
	else if (count > keep + keepFirst) {
		show(from, start, 1, keepFirst, to, at - start);
		show(from, end - 1, -1, keep, to, at - start);
	}
	return end - start;
}

/** Writes so many bytes that count as they are, from `first` on forwards or back; `shift` further on than they stand. */
function show(
	from: Uint8Array,
	first: number,
	step: 1 | -1,
	count: number,
	to: Uint8Array,
	shift: number,
): void {
	for (let index = first, shown = 0; shown < count; index += step) {
		const byte = from[index] as number;
		if (KINDS[byte] === SEPARATOR || KINDS[byte] === POINT) continue;
		to[index + shift] = byte;
		shown++;
	}
}

/** The first character unless it is the whole local part, and the top-level domain. */
function writeEmail(
	from: Uint8Array,
	start: number,
	sign: number,
	point: number,
	end: number,
	to: Uint8Array,
	at: number,
): number {
	let written = at;
	if (sign > start + 1) to[written++] = from[start] as number;
	for (let index = 0; index < BEFORE_TOP_LEVEL.length; index++)
		to[written++] = BEFORE_TOP_LEVEL[index] as number;
	for (let index = point + 1; index < end; index++) to[written++] = from[index] as number;
	return written - at;
}
