import { separatorAt } from "./bytes.ts";
import type { Text } from "./kinds.ts";

/** Longer than any number that is looked for; a run of more digits is none of them. */
const MOST_DIGITS = 24;
const MOST_GROUPS = 8;

/** Digits in groups with one separator between: `4111 1111 1111 1111`. One is read again and again. */
export class NumberRun {
	/** How many groups; each group's digits, end and the separator before it. */
	groups = 0;
	readonly sizes = new Uint8Array(MOST_GROUPS);
	readonly ends = new Int32Array(MOST_GROUPS);
	readonly separators = new Uint8Array(MOST_GROUPS);
	readonly digits = new Uint8Array(MOST_DIGITS);
	/** By their number: the first digits. */
	readonly first: readonly Uint8Array[] = Array.from({ length: MOST_DIGITS + 1 }, (_, count) =>
		this.digits.subarray(0, count),
	);
	start = 0;

	/** Reads what begins at a digit. Groups are read for as long as whole ones fit. */
	read(text: Text, at: number): void {
		this.start = at;
		this.groups = 0;
		let used = 0;
		let next = at;
		let separator = 0;
		const { bytes, end } = text;
		while (this.groups < MOST_GROUPS) {
			const first = next;
			for (; next < end; next++) {
				const digit = (bytes[next] as number) - 0x30;
				if (digit < 0 || digit > 9) break;
				if (used === MOST_DIGITS) return;
				this.digits[used++] = digit;
			}
			if (next === first) return;
			this.sizes[this.groups] = next - first;
			this.ends[this.groups] = next;
			this.separators[this.groups] = separator;
			this.groups += 1;
			const { length, as } = separatorAt(text, next);
			if (length === 0) return;
			separator = as;
			next += length;
		}
	}

	/** Whether the first groups have these sizes, and what lies between is one of `separators`, everywhere the same. */
	hasShape(shape: readonly number[], separators: string): boolean {
		if (!this.#hasSizes(shape)) return false;
		for (let group = 1; group < shape.length; group++) {
			if (this.separators[group] !== this.separators[1]) return false;
			if (!separators.includes(String.fromCharCode(this.separators[group] as number))) return false;
		}
		return true;
	}

	/** Whether the first groups have these sizes, and what lies between is `between`, a character a gap. */
	isWritten(shape: readonly number[], between: string): boolean {
		if (!this.#hasSizes(shape)) return false;
		for (let gap = 0; gap < between.length; gap++)
			if (this.separators[gap + 1] !== between.charCodeAt(gap)) return false;
		return true;
	}

	#hasSizes(shape: readonly number[]): boolean {
		if (shape.length > this.groups) return false;
		for (let group = 0; group < shape.length; group++) if (this.sizes[group] !== shape[group]) return false;
		return true;
	}

	/** Where the first `groups` groups end. */
	endOf(groups: number): number {
		return this.ends[groups - 1] as number;
	}
}

/** The number that some digits are; exact up to 15 of them. */
export function numberOf(digits: Uint8Array, from: number, to: number): number {
	let value = 0;
	for (let i = from; i < to; i++) value = value * 10 + (digits[i] as number);
	return value;
}
