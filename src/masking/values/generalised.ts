import type { ValueKind } from "./kinds.ts";

const DEFAULT_UNIT = "month";
const DEFAULT_BUCKET = "10";
const DEFAULT_PREFIX = { v4: 24, v6: 48 } as const;

/**
 * A coarser value of the same kind: a date to its month, a number to the beginning of its bucket, an address to its
 * network. Null where `to` is nothing that the value has.
 * @param to a unit of time, the size of a bucket, `/` and the length of a prefix; null for the kind's own
 */
export function generalisedValue(kind: ValueKind, text: string, to: string | null): string | null {
	switch (kind) {
		case "date":
		case "timestamp":
			return generalisedDate(text, to ?? DEFAULT_UNIT);
		case "time":
			return generalisedTime(text, to ?? "hour");
		case "smallint":
		case "integer":
		case "bigint":
		case "decimal":
			return generalisedNumber(text, to ?? DEFAULT_BUCKET);
		case "float":
			return generalisedFloat(text, to ?? DEFAULT_BUCKET);
		case "address":
			return generalisedAddress(text, to);
		case "text":
			return generalisedText(text, to);
		default:
			return null;
	}
}

/** A text may be any of them: what it is tells `to`. */
function generalisedText(text: string, to: string | null): string | null {
	if (to === null || to.startsWith("/")) return generalisedAddress(text, to);
	if (/^\d+$/.test(to)) return generalisedNumber(text, to);
	return generalisedDate(text, to) ?? generalisedTime(text, to);
}

const DATE =
	/^(\d{4,})-(\d\d)-(\d\d)(?:([ T])(\d\d):(\d\d):(\d\d)(?:\.\d+)?(Z|[+-]\d\d(?::?\d\d){0,2})?)?( BC)?$/;

function generalisedDate(text: string, unit: string): string | null {
	const match = DATE.exec(text);
	if (match === null) return null;
	const [, year = "", month = "", day = "", separator, hour = "00", minute = "00", , zone = "", era = ""] =
		match;
	const date = dayOf(unit, year, month, day, era);
	if (date === null) return null;
	if (separator === undefined) return unit === "hour" || unit === "minute" ? null : `${date}${era}`;
	const time = unit === "hour" ? `${hour}:00:00` : unit === "minute" ? `${hour}:${minute}:00` : "00:00:00";
	return `${date}${separator}${time}${zone}${era}`;
}

function dayOf(unit: string, year: string, month: string, day: string, era: string): string | null {
	switch (unit) {
		case "year":
			return `${year}-01-01`;
		case "quarter":
			return `${year}-${String(Math.floor((Number(month) - 1) / 3) * 3 + 1).padStart(2, "0")}-01`;
		case "month":
			return `${year}-${month}-01`;
		case "week":
			return era === "" ? mondayOf(year, month, day) : null;
		case "day":
		case "hour":
		case "minute":
			return `${year}-${month}-${day}`;
		default:
			return null;
	}
}

function mondayOf(year: string, month: string, day: string): string | null {
	const date = new Date(Date.UTC(2000, Number(month) - 1, Number(day)));
	date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
	date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
	const monday = date.toISOString();
	return monday.startsWith("+") || monday.startsWith("-") ? null : monday.slice(0, 10);
}

function generalisedTime(text: string, unit: string): string | null {
	const match = /^(\d\d):(\d\d):\d\d(?:\.\d+)?([+-]\d\d(?::?\d\d){0,2})?$/.exec(text);
	if (match === null || (unit !== "hour" && unit !== "minute")) return null;
	return `${match[1]}:${unit === "hour" ? "00" : match[2]}:00${match[3] ?? ""}`;
}

/** The largest multiple of the bucket's size that is not above the number. */
function generalisedNumber(text: string, to: string): string | null {
	if (!/^\d+$/.test(to)) return null;
	const bucket = BigInt(to);
	const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
	if (match === null) return null;
	const [, sign = "", digits = "", fraction = ""] = match;
	let whole = BigInt(digits);
	if (sign === "") whole -= whole % bucket;
	else if (whole % bucket !== 0n || /[1-9]/.test(fraction)) whole += bucket - (whole % bucket);
	const floored = whole === 0n ? "0" : `${sign}${whole}`;
	return fraction === "" ? floored : `${floored}.${"0".repeat(fraction.length)}`;
}

function generalisedFloat(text: string, to: string): string | null {
	const number = Number(text);
	const size = Number(to);
	return /^\d+$/.test(to) && Number.isFinite(number) ? String(Math.floor(number / size) * size) : null;
}

/** The network that the address is in. What is a network already and a larger one stays. */
function generalisedAddress(text: string, to: string | null): string | null {
	if (to !== null && !to.startsWith("/")) return null;
	const [address = "", length] = text.split("/");
	const bytes = address.includes(":") ? ipv6Bytes(address) : ipv4Bytes(address);
	if (bytes === null) return null;
	const natural = bytes.length === 4 ? DEFAULT_PREFIX.v4 : DEFAULT_PREFIX.v6;
	const prefix = Math.min(to === null ? natural : Number(to.slice(1)), Number(length ?? bytes.length * 8));
	if (!Number.isInteger(prefix) || prefix > bytes.length * 8) return null;
	const masked = bytes.map((byte, at) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - at * 8))) & 0xff);
	if (masked.length === 4) return `${masked.join(".")}/${prefix}`;
	const words = Array.from({ length: 8 }, (_, at) =>
		(((masked[at * 2] ?? 0) << 8) | (masked[at * 2 + 1] ?? 0)).toString(16),
	);
	const network = words
		.join(":")
		.replace(/(?:^|:)0(?::0)+(?=:|$)/, ":")
		.replace(/:$/, "::");
	return `${network}/${prefix}`;
}

function ipv4Bytes(text: string): number[] | null {
	const parts = text.split(".");
	if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return null;
	return parts.map(Number);
}

function ipv6Bytes(text: string): number[] | null {
	const last = text.slice(text.lastIndexOf(":") + 1);
	const mapped = last.includes(".") ? ipv4Bytes(last) : undefined;
	if (mapped === null) return null;
	const tail = mapped === undefined ? [] : [wordOf(mapped[0], mapped[1]), wordOf(mapped[2], mapped[3])];
	const hex = mapped === undefined ? text : text.slice(0, text.lastIndexOf(":"));
	const [head = "", rest, ...more] = hex.split("::");
	if (more.length > 0) return null;
	const before = head === "" ? [] : head.split(":");
	const behind = [...(rest === undefined || rest === "" ? [] : rest.split(":")), ...tail];
	const missing = 8 - before.length - behind.length;
	if (rest === undefined ? missing !== 0 : missing < 0) return null;
	const words = [...before, ...Array.from({ length: missing }, () => "0"), ...behind];
	if (words.some((word) => !/^[0-9a-f]{1,4}$/i.test(word))) return null;
	return words.flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 0xff]);
}

const wordOf = (high = 0, low = 0): string => ((high << 8) | low).toString(16);
