/** Sum of digits times weights. */
export function weighted(digits: Uint8Array, weights: readonly number[], from = 0): number {
	let sum = 0;
	for (let i = 0; i < weights.length; i++) sum += (digits[from + i] as number) * (weights[i] as number);
	return sum;
}

/** ISO/IEC 7812-1, annex B: every second digit from the right is doubled. The last of the digits is the check. */
export function luhn(digits: Uint8Array, from: number, to: number): boolean {
	let sum = 0;
	for (let i = to - 1, double = false; i >= from; i--, double = !double) {
		const digit = digits[i] as number;
		const value = double ? digit * 2 : digit;
		sum += value > 9 ? value - 9 : value;
	}
	return sum % 10 === 0;
}

/** ISO/IEC 7064, MOD 11,10. */
export function mod11And10(digits: Uint8Array, from: number, to: number): boolean {
	let product = 10;
	for (let i = from; i < to - 1; i++) {
		const sum = ((digits[i] as number) + product) % 10 || 10;
		product = (sum * 2) % 11;
	}
	return (11 - product) % 10 === digits[to - 1];
}

/** The remainder of a long number. */
export function modulo(digits: Uint8Array, from: number, to: number, by: number, before = 0): number {
	let rest = before % by;
	for (let i = from; i < to; i++) rest = (rest * 10 + (digits[i] as number)) % by;
	return rest;
}

/** Verhoeff's multiplication in the dihedral group of ten elements, and his permutation. */
function times(a: number, b: number): number {
	if (a < 5) return b < 5 ? (a + b) % 5 : 5 + ((a + b) % 5);
	return b < 5 ? 5 + ((a - b + 5) % 5) : (a - b + 5) % 5;
}
const PERMUTATION = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

export function verhoeff(digits: Uint8Array, from: number, to: number): boolean {
	let check = 0;
	for (let i = to - 1, round = 0; i >= from; i--, round++) {
		let digit = digits[i] as number;
		for (let turn = 0; turn < round % 8; turn++) digit = PERMUTATION[digit] as number;
		check = times(check, digit);
	}
	return check === 0;
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A day that some year has. */
export function isDay(month: number, day: number): boolean {
	return month >= 1 && month <= 12 && day >= 1 && day <= (DAYS[month - 1] as number);
}

/** All the same digit: passes many checks and is nobody's number. */
export function isRepeated(digits: Uint8Array, from: number, to: number): boolean {
	for (let i = from + 1; i < to; i++) if (digits[i] !== digits[from]) return false;
	return true;
}
