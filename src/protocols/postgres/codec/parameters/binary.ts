import { isUtf8 } from "node:buffer";
import { arrayText } from "./array.ts";
import { dateText, intervalText, timestampText, timestamptzText, timeText, timetzText } from "./datetime.ts";
import { inetText } from "./inet.ts";
import { float4Text, float8Text, numericText } from "./numbers.ts";

/** Renders the bytes of one value; throws when they do not fit the type. */
export type BinaryDecoder = (value: Buffer) => string;

/** Base types by OID, with their array's OID. */
const TYPES: readonly (readonly [oid: number, array: number, decode: BinaryDecoder])[] = [
	[16, 1000, (value) => boolText(exactly(value, 1))],
	[17, 1001, (value) => `\\x${value.toString("hex")}`],
	[18, 1002, charText],
	[19, 1003, utf8Text],
	[20, 1016, (value) => exactly(value, 8).readBigInt64BE(0).toString()],
	[21, 1005, (value) => exactly(value, 2).readInt16BE(0).toString()],
	[23, 1007, (value) => exactly(value, 4).readInt32BE(0).toString()],
	[25, 1009, utf8Text],
	[26, 1028, (value) => exactly(value, 4).readUInt32BE(0).toString()],
	[114, 199, utf8Text], // json
	[142, 143, utf8Text], // xml
	[650, 651, (value) => inetText(value, true)], // cidr
	[700, 1021, (value) => float4Text(exactly(value, 4).readFloatBE(0))],
	[701, 1022, (value) => float8Text(exactly(value, 8).readDoubleBE(0))],
	[705, 0, utf8Text], // unknown
	[869, 1041, (value) => inetText(value, false)],
	[1042, 1014, utf8Text],
	[1043, 1015, utf8Text],
	[1082, 1182, (value) => dateText(exactly(value, 4).readInt32BE(0))],
	[1083, 1183, (value) => timeText(exactly(value, 8).readBigInt64BE(0))],
	[1114, 1115, (value) => timestampText(exactly(value, 8).readBigInt64BE(0))],
	[1184, 1185, (value) => timestamptzText(exactly(value, 8).readBigInt64BE(0))],
	[1186, 1187, (value) => intervalText(exactly(value, 16))],
	[1266, 1270, (value) => timetzText(exactly(value, 12))],
	[1700, 1231, numericText],
	[2950, 2951, (value) => uuidText(exactly(value, 16))],
	[3802, 3807, jsonbText],
];

const DECODERS = new Map<number, BinaryDecoder>();
for (const [oid, array, decode] of TYPES) {
	DECODERS.set(oid, decode);
	if (array !== 0) DECODERS.set(array, (value) => arrayText(value, oid, decode));
}

/** The decoder of a built-in type in binary format; undefined for a type that is not known here. */
export function binaryDecoder(typeOid: number): BinaryDecoder | undefined {
	return DECODERS.get(typeOid);
}

function exactly(value: Buffer, size: number): Buffer {
	if (value.length !== size) throw new RangeError(`${value.length} bytes in place of ${size}`);
	return value;
}

function boolText(value: Buffer): string {
	return value[0] === 0 ? "f" : "t";
}

function utf8Text(value: Buffer): string {
	if (!isUtf8(value) || value.includes(0)) throw new RangeError("not a text");
	return value.toString("utf8");
}

/** `"char"`: one byte; from 128 on the server's output is octal. */
function charText(value: Buffer): string {
	const byte = exactly(value, 1)[0] as number;
	if (byte > 0x7f) return `\\${byte.toString(8)}`;
	return byte === 0 ? "" : String.fromCharCode(byte);
}

function uuidText(value: Buffer): string {
	const hex = value.toString("hex");
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A version byte, always 1, and the text. The server would print it normalised; here it is as sent. */
function jsonbText(value: Buffer): string {
	if (value[0] !== 1) throw new RangeError("unknown jsonb version");
	return utf8Text(value.subarray(1));
}
