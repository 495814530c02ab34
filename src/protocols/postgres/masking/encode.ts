/** Writes a value's text form in the type's binary format; null for a text that is not one of the type. */
export type BinaryEncoder = (text: string) => Buffer | null;

const DAY_US = 86_400_000_000n;
/** Days from 1970-01-01 to 2000-01-01, where the server begins to count. */
const EPOCH_DAYS = 10_957;

const ENCODERS: ReadonlyMap<number, BinaryEncoder> = new Map<number, BinaryEncoder>([
	[16, (text) => Buffer.from([text === "t" ? 1 : 0])],
	[17, bytes],
	[20, (text) => whole(text, 8)],
	[21, (text) => whole(text, 2)],
	[23, (text) => whole(text, 4)],
	[114, Buffer.from],
	[650, (text) => address(text, true)],
	[700, (text) => float(text, 4)],
	[701, (text) => float(text, 8)],
	[774, (text) => hardware(text, 8)],
	[829, (text) => hardware(text, 6)],
	[869, (text) => address(text, false)],
	[1082, date],
	[1083, (text) => time(text, false)],
	[1114, timestamp],
	[1184, timestamp],
	[1186, (text) => (text === "00:00:00" ? Buffer.alloc(16) : null)],
	[1266, (text) => time(text, true)],
	[1700, numeric],
	[2950, uuid],
	[3802, (text) => Buffer.concat([JSONB_VERSION, Buffer.from(text)])],
]);
const JSONB_VERSION = Buffer.from([1]);

/** The encoder of a built-in type; undefined for a type that is not known here. */
export function binaryEncoder(typeOid: number): BinaryEncoder | undefined {
	return ENCODERS.get(typeOid);
}

function whole(text: string, size: 2 | 4 | 8): Buffer | null {
	if (!/^-?\d+$/.test(text)) return null;
	const number = BigInt(text);
	if (BigInt.asIntN(size * 8, number) !== number) return null;
	const buffer = Buffer.alloc(8);
	buffer.writeBigInt64BE(number);
	return buffer.subarray(8 - size);
}

function float(text: string, size: 4 | 8): Buffer {
	const buffer = Buffer.alloc(size);
	if (size === 4) buffer.writeFloatBE(Number(text));
	else buffer.writeDoubleBE(Number(text));
	return buffer;
}

function bytes(text: string): Buffer | null {
	return text.startsWith("\\x") ? Buffer.from(text.slice(2), "hex") : null;
}

function uuid(text: string): Buffer | null {
	const buffer = Buffer.from(text.replaceAll("-", ""), "hex");
	return buffer.length === 16 ? buffer : null;
}

function hardware(text: string, size: number): Buffer | null {
	const buffer = Buffer.from(text.replaceAll(":", ""), "hex");
	return buffer.length === size ? buffer : null;
}

/** Groups of four decimal digits, the point between two of them. */
function numeric(text: string): Buffer | null {
	const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
	if (match === null) return null;
	const [, sign = "", integral = "", fraction = ""] = match;
	const front = integral.padStart(Math.ceil(integral.length / 4) * 4, "0");
	const back = fraction.padEnd(Math.ceil(fraction.length / 4) * 4, "0");
	let groups = (front + back).match(/\d{4}/g)?.map(Number) ?? [];
	let weight = front.length / 4 - 1;
	while (groups[0] === 0) {
		groups = groups.slice(1);
		weight--;
	}
	while (groups.at(-1) === 0) groups = groups.slice(0, -1);
	const buffer = Buffer.alloc(8 + groups.length * 2);
	buffer.writeUInt16BE(groups.length, 0);
	buffer.writeInt16BE(groups.length === 0 ? 0 : weight, 2);
	buffer.writeUInt16BE(sign === "-" && groups.length > 0 ? 0x4000 : 0, 4);
	buffer.writeUInt16BE(fraction.length, 6);
	for (const [index, group] of groups.entries()) buffer.writeUInt16BE(group, 8 + index * 2);
	return buffer;
}

function date(text: string): Buffer | null {
	const days = daysOf(text);
	if (days === null) return null;
	const buffer = Buffer.alloc(4);
	buffer.writeInt32BE(days);
	return buffer;
}

function timestamp(text: string): Buffer | null {
	const days = daysOf(text);
	const clock = microsOf(/[ T]([\d:.]+)/.exec(text)?.[1] ?? "00:00:00");
	if (days === null || clock === null) return null;
	const buffer = Buffer.alloc(8);
	buffer.writeBigInt64BE(BigInt(days) * DAY_US + clock);
	return buffer;
}

/** With a zone: its seconds west of Greenwich behind the microseconds. */
function time(text: string, zoned: boolean): Buffer | null {
	const micros = microsOf(/^[\d:.]+/.exec(text)?.[0] ?? "");
	if (micros === null) return null;
	const buffer = Buffer.alloc(zoned ? 12 : 8);
	buffer.writeBigInt64BE(micros);
	if (!zoned) return buffer;
	const [, sign, hours = "0", minutes = "0", seconds = "0"] =
		/([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?$/.exec(text) ?? [];
	const east = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
	buffer.writeInt32BE(sign === "-" ? east : -east, 8);
	return buffer;
}

function microsOf(text: string): bigint | null {
	const match = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/.exec(text);
	if (match === null) return null;
	const seconds = Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
	return BigInt(seconds) * 1_000_000n + BigInt((match[4] ?? "").padEnd(6, "0"));
}

/** Days from 2000-01-01 in the proleptic Gregorian calendar (Howard Hinnant's `days_from_civil`). */
function daysOf(text: string): number | null {
	const match = /^(\d{4,})-(\d\d)-(\d\d)/.exec(text);
	if (match === null) return null;
	const month = Number(match[2]);
	const year = (text.endsWith(" BC") ? 1 - Number(match[1]) : Number(match[1])) - (month <= 2 ? 1 : 0);
	const cycle = Math.floor(year / 400);
	const yearOfCycle = year - cycle * 400;
	const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + Number(match[3]) - 1;
	const day = yearOfCycle * 365 + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100) + dayOfYear;
	return cycle * 146_097 + day - 719_468 - EPOCH_DAYS;
}

/** Family, length of the prefix, whether it is a cidr, size of the address, address. */
function address(text: string, cidr: boolean): Buffer | null {
	const [host = "", prefix] = text.split("/");
	const parts = host.includes(":") ? wordsOf(host) : host.split(".").map(Number);
	if (parts.length !== 4 && parts.length !== 16) return null;
	const bits = prefix === undefined ? parts.length * 8 : Number(prefix);
	return Buffer.from([parts.length === 4 ? 2 : 3, bits, cidr ? 1 : 0, parts.length, ...parts]);
}

/** Of the IPv6 addresses that masks make: hexadecimal words, at most one run of zeros left out. */
function wordsOf(text: string): number[] {
	const [head = "", tail] = text.split("::");
	const front = head === "" ? [] : head.split(":");
	const back = tail === undefined || tail === "" ? [] : tail.split(":");
	const zeros = tail === undefined ? 0 : 8 - front.length - back.length;
	const words = [...front, ...Array.from({ length: Math.max(0, zeros) }, () => "0"), ...back];
	return words.flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 0xff]);
}
