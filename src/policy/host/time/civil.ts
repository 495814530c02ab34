/** A date and time of day without a zone. Months count from 1. */
export interface Civil {
	readonly year: number;
	readonly month: number;
	readonly day: number;
	readonly hour: number;
	readonly minute: number;
	readonly second: number;
}

const NS_PER_SECOND = 1_000_000_000n;
const MIN_NS = -(2n ** 63n);
const MAX_NS = 2n ** 63n - 1n;

export function isLeap(year: number): boolean {
	return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days before each month of a common year. */
const DAYS_BEFORE = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

export function daysBefore(month: number): number {
	return DAYS_BEFORE[month] ?? 0;
}

export function daysIn(month: number, year: number): number {
	return month === 2 && isLeap(year) ? 29 : daysBefore(month + 1) - daysBefore(month);
}

/**
 * Seconds since the epoch as if in UTC. Months and days beyond their range carry over, as Go's time.Date does; NaN
 * when that leaves the range of JavaScript's dates, which is far beyond that of nanoseconds in 64 bits.
 */
export function toUnix({ year, month, day, hour, minute, second }: Civil): number {
	const date = new Date(0);
	date.setUTCFullYear(year, month - 1, day);
	return date.getTime() / 1000 + hour * 3600 + minute * 60 + second;
}

export function fromUnix(seconds: number): Civil {
	const date = new Date(seconds * 1000);
	return {
		year: date.getUTCFullYear(),
		month: date.getUTCMonth() + 1,
		day: date.getUTCDate(),
		hour: date.getUTCHours(),
		minute: date.getUTCMinutes(),
		second: date.getUTCSeconds(),
	};
}

/** Whole seconds and the nanoseconds after them, from nanoseconds since the epoch. */
export function splitNanos(nanos: bigint): { seconds: number; fraction: number } {
	const fraction = ((nanos % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND;
	return { seconds: Number((nanos - fraction) / NS_PER_SECOND), fraction: Number(fraction) };
}

/** Nanoseconds since the epoch, an error outside 64 bits (the years 1677 to 2262). */
export function joinNanos(seconds: number, fraction: number): bigint {
	if (!Number.isSafeInteger(seconds)) throw new Error("time outside of valid range");
	const nanos = BigInt(seconds) * NS_PER_SECOND + BigInt(fraction);
	if (nanos < MIN_NS || nanos > MAX_NS) throw new Error("time outside of valid range");
	return nanos;
}
