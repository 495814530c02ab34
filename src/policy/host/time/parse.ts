import { daysBefore, daysIn, isLeap, joinNanos, toUnix } from "./civil.ts";
import { bad, Cursor } from "./cursor.ts";
import { MONTHS, nextChunk, toBytes, WEEKDAYS } from "./layout.ts";

/** What was read so far; -1 is "not set" as in Go. */
interface Fields {
	year: number;
	month: number;
	day: number;
	yearDay: number;
	hour: number;
	minute: number;
	second: number;
	nanos: number;
	half: "am" | "pm" | undefined;
	utc: boolean;
	offset: number;
}

/** Parses a time as Go's time.Parse does on a machine whose own zone is UTC, to nanoseconds since the epoch. */
export function parseTime(layoutText: string, valueText: string): bigint {
	const fields: Fields = {
		year: 0,
		month: -1,
		day: -1,
		yearDay: -1,
		hour: 0,
		minute: 0,
		second: 0,
		nanos: 0,
		half: undefined,
		utc: false,
		offset: -1,
	};
	const cursor = new Cursor(toBytes(valueText));
	let layout = toBytes(layoutText);
	for (;;) {
		const { prefix, element, digits, suffix } = nextChunk(layout);
		cursor.literal(prefix);
		if (element === undefined) break;
		layout = suffix;
		parseElement(element, digits, cursor, fields, suffix);
	}
	if (cursor.rest !== "") throw new Error("extra text after the time");
	return resolve(fields);
}

export function parseRfc3339Nanos(text: string): bigint {
	return parseTime("2006-01-02T15:04:05Z07:00", text);
}

function parseElement(element: string, digits: number, cursor: Cursor, fields: Fields, suffix: string): void {
	switch (element) {
		case "06": {
			const year = readInteger(cursor.take(2));
			fields.year = year + (year >= 69 ? 1900 : 2000);
			break;
		}
		case "2006":
			if (!/^\d/.test(cursor.rest)) throw bad();
			fields.year = readInteger(cursor.take(4));
			break;
		case "Jan":
			fields.month = cursor.name(MONTHS, 3) + 1;
			break;
		case "January":
			fields.month = cursor.name(MONTHS) + 1;
			break;
		case "1":
		case "01":
			fields.month = inRange(cursor.number(element === "01"), 1, 12, "month");
			break;
		case "Mon":
			cursor.name(WEEKDAYS, 3);
			break;
		case "Monday":
			cursor.name(WEEKDAYS);
			break;
		case "2":
		case "_2":
		case "02":
			if (element === "_2" && cursor.rest.startsWith(" ")) cursor.take(1);
			fields.day = cursor.number(element === "02");
			break;
		case "__2":
			fields.yearDay = Number(cursor.match(/^ {0,2}\d{1,3}/));
			break;
		case "002":
			fields.yearDay = Number(cursor.match(/^\d{3}/));
			break;
		case "15":
			fields.hour = inRange(cursor.number(false), 0, 23, "hour");
			break;
		case "3":
		case "03":
			fields.hour = inRange(cursor.number(element === "03"), 0, 12, "hour");
			break;
		case "4":
		case "04":
			fields.minute = inRange(cursor.number(element === "04"), 0, 59, "minute");
			break;
		case "5":
		case "05":
			fields.second = inRange(cursor.number(element === "05"), 0, 59, "second");
			// A fraction may follow the seconds though the layout has none.
			if (/^[.,]\d/.test(cursor.rest) && !/^[.,][09]/.test(nextChunk(suffix).element ?? "")) {
				fields.nanos = readFraction(cursor.match(/^[.,]\d+/));
			}
			break;
		case "PM":
		case "pm": {
			const text = cursor.take(2);
			if (text !== element && text !== (element === "PM" ? "AM" : "am")) throw bad();
			fields.half = text.toLowerCase() as "am" | "pm";
			break;
		}
		case "MST":
			readAbbreviation(cursor, fields);
			break;
		case ".0":
		case ",0":
			fields.nanos = readFraction(cursor.match(new RegExp(`^[.,]\\d{${digits}}`)));
			break;
		case ".9":
		case ",9":
			if (/^[.,]\d/.test(cursor.rest)) fields.nanos = readFraction(cursor.match(/^[.,]\d+/));
			break;
		default:
			if (element.startsWith("Z") && cursor.rest.startsWith("Z")) {
				cursor.take(1);
				fields.utc = true;
			} else fields.offset = readOffset(element, cursor);
	}
}

/** The forms of offsets in values, by the length of the layout's element and whether it has colons. */
function readOffset(element: string, cursor: Cursor): number {
	const colon = element.includes(":");
	const parts = colon ? element.split(":").length : (element.length - 1) / 2;
	const two = "(\\d\\d)";
	const pattern = new RegExp(
		`^([+-])${Array(parts)
			.fill(two)
			.join(colon ? ":" : "")}`,
	);
	const text = cursor.match(pattern);
	const [, sign, hours = "0", minutes = "0", seconds = "0"] = pattern.exec(text) ?? [];
	const offset =
		(inRange(Number(hours), 0, 24, "time zone offset hour") * 60 +
			inRange(Number(minutes), 0, 60, "time zone offset minute")) *
			60 +
		inRange(Number(seconds), 0, 60, "time zone offset second");
	return sign === "-" ? -offset : offset;
}

/** An abbreviation says nothing of the offset on a machine in UTC: the time is read as if in UTC. */
function readAbbreviation(cursor: Cursor, fields: Fields): void {
	if (cursor.rest.startsWith("UTC")) {
		cursor.take(3);
		fields.utc = true;
		return;
	}
	if (cursor.rest.length < 3) throw bad();
	if (/^(ChST|MeST)/.test(cursor.rest)) {
		cursor.take(4);
	} else if (cursor.rest.startsWith("GMT")) {
		cursor.take(3);
		const sign = /^[+-](\d+)/.exec(cursor.rest);
		if (sign !== null && Number(sign[1]) <= 23) cursor.take(sign[0].length);
	} else if (/^[+-]/.test(cursor.rest)) {
		if (Number(cursor.match(/^[+-]\d+/).slice(1)) > 23) throw bad();
	} else {
		const letters = /^[A-Z]{0,6}/.exec(cursor.rest)?.[0] ?? "";
		const isZone =
			letters.length === 3 ||
			(letters.length === 4 && (letters.endsWith("T") || letters === "WITA")) ||
			(letters.length === 5 && letters.endsWith("T"));
		if (!isZone) throw bad();
		cursor.take(letters.length);
	}
}

function resolve(fields: Fields): bigint {
	const { year, minute, second } = fields;
	let { hour } = fields;
	if (fields.half === "pm" && hour < 12) hour += 12;
	else if (fields.half === "am" && hour === 12) hour = 0;
	const { month, day } = fields.yearDay >= 0 ? fromYearDay(fields) : fields;
	const date = { year, month: month < 0 ? 1 : month, day: day < 0 ? 1 : day };
	if (date.day < 1 || date.day > daysIn(date.month, year)) throw new Error("day out of range");
	const unix = toUnix({ ...date, hour, minute, second });
	const offset = fields.utc || fields.offset === -1 ? 0 : fields.offset;
	return joinNanos(unix - offset, fields.nanos);
}

function fromYearDay({ year, month, day, yearDay }: Fields): { month: number; day: number } {
	let left = yearDay;
	let found: { month: number; day: number } | undefined;
	if (isLeap(year)) {
		if (left === 31 + 29) found = { month: 2, day: 29 };
		else if (left > 31 + 29) left--;
	}
	if (left < 1 || left > 365) throw new Error("day-of-year out of range");
	if (found === undefined) {
		let m = Math.trunc((left - 1) / 31) + 1;
		if (daysBefore(m + 1) < left) m++;
		found = { month: m, day: left - daysBefore(m) };
	}
	if (month >= 0 && month !== found.month) throw new Error("day-of-year does not match month");
	if (day >= 0 && day !== found.day) throw new Error("day-of-year does not match day");
	return found;
}

function readFraction(text: string): number {
	return Number(text.slice(1, 10).padEnd(9, "0"));
}

function readInteger(text: string): number {
	if (!/^[+-]?\d+$/.test(text)) throw bad();
	return Number(text);
}

function inRange(value: number, least: number, most: number, what: string): number {
	if (value < least || value > most) throw new Error(`${what} out of range`);
	return value;
}
