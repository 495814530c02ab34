/** The server counts days and microseconds from 2000-01-01; this is that day counted from 1970-01-01. */
const EPOCH_DAYS = 10_957;
const DAY_US = 86_400_000_000n;
const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);
const INT32_MAX = 2 ** 31 - 1;
const INT32_MIN = -(2 ** 31);
/** 4714-11-24 BC and the ends of what the types hold; beyond them the server refuses. */
const FIRST_DAY = -2_451_545;
const LAST_DATE = 2_145_031_948;
const LAST_TIMESTAMP_DAY = 106_751_990n;

export function dateText(days: number): string {
	if (days === INT32_MAX) return "infinity";
	if (days === INT32_MIN) return "-infinity";
	if (days < FIRST_DAY || days > LAST_DATE) throw new RangeError("date");
	const { year, rest, era } = civil(days);
	return `${year}-${rest}${era}`;
}

export function timestampText(micros: bigint): string {
	return timestamp(micros, "");
}

/** An instant, shown in UTC. */
export function timestamptzText(micros: bigint): string {
	return timestamp(micros, "+00");
}

function timestamp(micros: bigint, zone: string): string {
	if (micros === INT64_MAX) return "infinity";
	if (micros === INT64_MIN) return "-infinity";
	const time = ((micros % DAY_US) + DAY_US) % DAY_US;
	const days = (micros - time) / DAY_US;
	if (days < BigInt(FIRST_DAY) || days > LAST_TIMESTAMP_DAY) throw new RangeError("timestamp");
	const { year, rest, era } = civil(Number(days));
	return `${year}-${rest} ${clock(time)}${zone}${era}`;
}

export function timeText(micros: bigint): string {
	if (micros < 0n || micros > DAY_US) throw new RangeError("time");
	return clock(micros);
}

/** Microseconds and the zone's seconds west of Greenwich. */
export function timetzText(value: Buffer): string {
	const west = value.readInt32BE(8);
	const seconds = Math.abs(west);
	if (seconds >= 16 * 3600) throw new RangeError("time zone");
	let zone = `${west > 0 ? "-" : "+"}${two(Math.floor(seconds / 3600))}`;
	if (seconds % 3600 !== 0) zone += `:${two(Math.floor(seconds / 60) % 60)}`;
	if (seconds % 60 !== 0) zone += `:${two(seconds % 60)}`;
	return `${timeText(value.readBigInt64BE(0))}${zone}`;
}

/** Microseconds, days, months; in the server's style `postgres`. */
export function intervalText(value: Buffer): string {
	const micros = value.readBigInt64BE(0);
	const days = value.readInt32BE(8);
	const months = value.readInt32BE(12);
	if (micros === INT64_MAX && days === INT32_MAX && months === INT32_MAX) return "infinity";
	if (micros === INT64_MIN && days === INT32_MIN && months === INT32_MIN) return "-infinity";
	let text = "";
	let before = false; // a negative part came before: a positive one then says so
	const part = (amount: number, unit: string): void => {
		if (amount === 0) return;
		const plus = before && amount > 0 ? "+" : "";
		text += `${text === "" ? "" : " "}${plus}${amount} ${unit}${amount === 1 ? "" : "s"}`;
		before = amount < 0;
	};
	part(Math.trunc(months / 12), "year");
	part(months % 12, "mon");
	part(days, "day");
	if (micros === 0n && text !== "") return text;
	const sign = micros < 0n ? "-" : before ? "+" : "";
	return `${text === "" ? "" : `${text} `}${sign}${clock(micros < 0n ? -micros : micros)}`;
}

function clock(micros: bigint): string {
	const seconds = micros / 1_000_000n;
	const hours = seconds / 3600n;
	const text = `${String(hours).padStart(2, "0")}:${two(Number((seconds / 60n) % 60n))}:${two(Number(seconds % 60n))}`;
	const fraction = micros % 1_000_000n;
	return fraction === 0n ? text : `${text}.${String(fraction).padStart(6, "0").replace(/0+$/, "")}`;
}

function two(value: number): string {
	return String(value).padStart(2, "0");
}

/** The proleptic Gregorian date of a day (Howard Hinnant's `civil_from_days`). */
function civil(daysFrom2000: number): { year: string; rest: string; era: string } {
	const shifted = daysFrom2000 + EPOCH_DAYS + 719_468;
	const cycle = Math.floor(shifted / 146_097);
	const day = shifted - cycle * 146_097;
	const yearOfCycle = Math.floor(
		(day - Math.floor(day / 1460) + Math.floor(day / 36_524) - Math.floor(day / 146_096)) / 365,
	);
	const dayOfYear = day - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
	const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
	const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
	const year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0);
	return {
		year: String(year > 0 ? year : 1 - year).padStart(4, "0"),
		rest: `${two(month)}-${two(dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1)}`,
		era: year > 0 ? "" : " BC",
	};
}
