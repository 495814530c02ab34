import * as codec from "../../../../src/protocols/postgres/codec/index.ts";
import { Bytes } from "./bytes.ts";

export type Random = () => number;

const below = (random: Random, limit: number): number => Math.floor(random() * limit);
const pick = <T>(random: Random, from: readonly T[]): T => from[below(random, from.length)] as T;
const several = <T>(random: Random, most: number, make: () => T): T[] =>
	Array.from({ length: below(random, most + 1) }, make);

const WORDS = [
	"",
	"a",
	"SELECT 1",
	"näme",
	"\u{1f600}",
	"x".repeat(70),
	"\uFEFFbom",
	"'\"\\;--",
	"\r\n\t",
	"\u0001",
];
const text = (random: Random): string => pick(random, WORDS);
const bytes = (random: Random): Buffer =>
	Buffer.from(Array.from({ length: below(random, 12) }, () => below(random, 256)));
const value = (random: Random): Buffer | null => (random() < 0.2 ? null : bytes(random));
const oid = (random: Random): number => pick(random, [0, 23, 25, 16384, 2 ** 31 - 1, -1]);
const formats = (random: Random, count: number): number[] =>
	pick(random, [[], [below(random, 2)], Array.from({ length: count }, () => below(random, 2))]);

/** A kind of message: how a random one is made, and the bytes that the product's reading of one stands for. */
export interface Kind {
	readonly name: string;
	make(random: Random): Buffer;
	/** Decodes `buffer[start, end)` by the product and writes down anew, by `Bytes`, what it read. */
	reread(buffer: Buffer, start: number, end: number): Buffer;
}

const target = (what: "statement" | "portal"): number => (what === "statement" ? 0x53 : 0x50);

export const FRONTEND: readonly Kind[] = [
	{
		name: "Query",
		make: (random) => new Bytes().text(text(random)).message("Q"),
		reread: (...at) => new Bytes().text(codec.decodeQuery(...at)).message("Q"),
	},
	{
		name: "Parse",
		make: (random) => {
			const out = new Bytes().text(text(random)).text(text(random));
			return out
				.list(
					several(random, 4, () => oid(random)),
					(type) => out.int32(type),
				)
				.message("P");
		},
		reread: (...at) => {
			const { name, text: sql, parameterTypes } = codec.decodeParse(...at);
			const out = new Bytes().text(name).text(sql);
			return out.list(parameterTypes, (type) => out.int32(type)).message("P");
		},
	},
	{
		name: "Bind",
		make: (random) => {
			const values = several(random, 4, () => value(random));
			const out = new Bytes().text(text(random)).text(text(random));
			out.list(formats(random, values.length), (code) => out.int16(code));
			out.list(values, (one) => out.value(one));
			return out.list(formats(random, 3), (code) => out.int16(code)).message("B");
		},
		reread: (...at) => {
			const bind = codec.decodeBind(...at);
			const values = bind.valueLengths.map((_, index) => bind.value(index));
			const out = new Bytes().text(bind.portal).text(bind.statement);
			out.list(bind.parameterFormats, (code) => out.int16(code));
			out.list(values, (one) => out.value(one));
			return out.list(bind.resultFormats, (code) => out.int16(code)).message("B");
		},
	},
	{
		name: "Describe",
		make: (random) =>
			new Bytes()
				.byte(pick(random, [0x53, 0x50]))
				.text(text(random))
				.message("D"),
		reread: (...at) => {
			const read = codec.decodeDescribe(...at);
			return new Bytes().byte(target(read.target)).text(read.name).message("D");
		},
	},
	{
		name: "Close",
		make: (random) =>
			new Bytes()
				.byte(pick(random, [0x53, 0x50]))
				.text(text(random))
				.message("C"),
		reread: (...at) => {
			const read = codec.decodeClose(...at);
			return new Bytes().byte(target(read.target)).text(read.name).message("C");
		},
	},
	{
		name: "Execute",
		make: (random) =>
			new Bytes()
				.text(text(random))
				.int32(pick(random, [0, 1, 2 ** 31 - 1]))
				.message("E"),
		reread: (buffer, start, end) => {
			const { portal, maxRows } = codec.decodeExecute(buffer, start, end);
			// A negative number means all rows, to the server as well.
			const sent = buffer.readInt32BE(end - 4);
			return new Bytes()
				.text(portal)
				.int32(maxRows === 0 ? Math.min(sent, 0) : maxRows)
				.message("E");
		},
	},
	{
		name: "CopyFail",
		make: (random) => new Bytes().text(text(random)).message("f"),
		reread: (...at) => new Bytes().text(codec.decodeCopyFail(...at)).message("f"),
	},
	{
		name: "Password",
		make: (random) => new Bytes().text(text(random)).message("p"),
		reread: (...at) => new Bytes().text(codec.decodePassword(...at)).message("p"),
	},
	{
		name: "FunctionCall",
		make: (random) => {
			const values = several(random, 4, () => value(random));
			const out = new Bytes().int32(oid(random));
			out.list(formats(random, values.length), (code) => out.int16(code));
			return out
				.list(values, (one) => out.value(one))
				.int16(below(random, 2))
				.message("F");
		},
		reread: (...at) => {
			const call = codec.decodeFunctionCall(...at);
			const out = new Bytes().int32(call.functionOid);
			const codes = Array.from({ length: call.formatCount }, (_, index) => call.formatOf(index));
			const values = Array.from({ length: call.parameterCount }, (_, index) => call.value(index));
			out.list(codes, (code) => out.int16(code)).list(values, (one) => out.value(one));
			return out.int16(call.resultFormat).message("F");
		},
	},
];

export const BACKEND: readonly Kind[] = [
	{
		name: "RowDescription",
		make: (random) => {
			const out = new Bytes();
			return out
				.list(
					several(random, 4, () => text(random)),
					(name) => {
						out.text(name).int32(oid(random)).int16(below(random, 65_536)).int32(oid(random));
						out.int16(below(random, 65_536)).int32(oid(random)).int16(below(random, 2));
					},
				)
				.message("T");
		},
		reread: (...at) => {
			const out = new Bytes();
			return out
				.list(codec.decodeRowDescription(...at), (field) => {
					out.text(field.name).int32(field.tableOid).int16(field.column).int32(field.typeOid);
					out.int16(field.typeSize).int32(field.modifier).int16(field.format);
				})
				.message("T");
		},
	},
	{
		name: "ParameterDescription",
		make: (random) => {
			const out = new Bytes();
			return out
				.list(
					several(random, 5, () => oid(random)),
					(type) => out.int32(type),
				)
				.message("t");
		},
		reread: (...at) => {
			const out = new Bytes();
			return out.list(codec.decodeParameterDescription(...at), (type) => out.int32(type)).message("t");
		},
	},
	{
		name: "DataRow",
		make: (random) => {
			const out = new Bytes();
			return out
				.list(
					several(random, 5, () => value(random)),
					(one) => out.value(one),
				)
				.message("D");
		},
		reread: (...at) => {
			const out = new Bytes();
			return out.list(codec.decodeDataRow(...at), (one) => out.value(one)).message("D");
		},
	},
	{
		name: "ErrorResponse",
		make: (random) => {
			const out = new Bytes();
			const letters = several(random, 6, () => pick(random, [..."SVCMDHPpqWstcdnFLR"]));
			for (const letter of new Set(letters)) out.raw(Buffer.from(letter)).text(text(random));
			return out.byte(0).message("E");
		},
		reread: (...at) => {
			const out = new Bytes();
			for (const [letter, field] of codec.decodeErrorFields(...at))
				out.raw(Buffer.from(letter, "latin1")).text(field);
			return out.byte(0).message("E");
		},
	},
	{
		name: "ReadyForQuery",
		make: (random) => new Bytes().raw(Buffer.from(pick(random, ["I", "T", "E"]))).message("Z"),
		reread: (...at) => new Bytes().raw(Buffer.from(codec.decodeReadyForQuery(...at))).message("Z"),
	},
	{
		name: "CommandComplete",
		make: (random) => new Bytes().text(pick(random, ["SELECT 5", "INSERT 0 1", "BEGIN", ""])).message("C"),
		reread: (...at) => new Bytes().text(codec.decodeCommandComplete(...at).tag).message("C"),
	},
	{
		name: "ParameterStatus",
		make: (random) => new Bytes().text(text(random)).text(text(random)).message("S"),
		reread: (...at) => {
			const { name, value: setting } = codec.decodeParameterStatus(...at);
			return new Bytes().text(name).text(setting).message("S");
		},
	},
	{
		name: "BackendKeyData",
		make: (random) =>
			new Bytes()
				.int32(oid(random))
				.raw(Buffer.alloc(4 + below(random, 60), 7))
				.message("K"),
		reread: (...at) => {
			const { processId, secret } = codec.decodeBackendKeyData(...at);
			return new Bytes().int32(processId).raw(secret).message("K");
		},
	},
	{
		name: "CopyResponse",
		make: (random) => {
			const out = new Bytes().byte(below(random, 2));
			return out
				.list(
					several(random, 4, () => below(random, 2)),
					(code) => out.int16(code),
				)
				.message("G");
		},
		reread: (...at) => {
			const { format, columnFormats } = codec.decodeCopyResponse(...at);
			const out = new Bytes().byte(format);
			return out.list(columnFormats, (code) => out.int16(code)).message("G");
		},
	},
	{
		name: "NotificationResponse",
		make: (random) => new Bytes().int32(oid(random)).text(text(random)).text(text(random)).message("A"),
		reread: (...at) => {
			const { processId, channel, payload } = codec.decodeNotification(...at);
			return new Bytes().int32(processId).text(channel).text(payload).message("A");
		},
	},
];

/** The bytes with something wrong: cut, doubled, flipped, a count or a length that promises more. Often several times. */
export function damaged(message: Buffer, random: Random): Buffer {
	let bytes: Buffer = Buffer.from(message);
	for (let times = 1 + below(random, 3); times > 0; times--) bytes = damagedOnce(bytes, random);
	if (bytes.length < 5) return message;
	// Its own length is right again, so that it is the decoder that has to notice; the framing has a test of its own.
	bytes.writeUInt32BE(bytes.length - 1, 1);
	bytes[0] = message[0] as number;
	return bytes;
}

function damagedOnce(bytes: Buffer, random: Random): Buffer {
	const at = 5 + below(random, Math.max(1, bytes.length - 5));
	switch (below(random, 6)) {
		case 0:
			return bytes.subarray(0, at);
		case 1:
			return Buffer.concat([bytes, bytes.subarray(at)]);
		case 2:
			return Buffer.concat([bytes.subarray(0, at), Buffer.from([0]), bytes.subarray(at)]);
		case 3:
			return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
		case 4:
			if (at + 4 <= bytes.length) bytes.writeInt32BE(pick(random, [-2, -1, 0, 3, 2 ** 31 - 1, 65_536]), at);
			return bytes;
		default:
			if (at < bytes.length) bytes[at] = pick(random, [0, 1, 2, 127, 128, 255, 0xc0, 0xed]);
			return bytes;
	}
}
