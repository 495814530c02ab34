import assert from "node:assert/strict";
import * as codec from "../../../../src/protocols/postgres/codec/index.ts";
import { cellsOf, RowMasker } from "../../../../src/protocols/postgres/masking/index.ts";
import { columnMask } from "../../../support/masks.ts";
import { randomOf } from "../../../support/wire-sequences.ts";
import { Bytes } from "./bytes.ts";
import { BACKEND, damaged, FRONTEND, type Kind, type Random } from "./messages.ts";

/** Each takes a seed, fails by throwing, and answers how many inputs it tried. */
export const CODEC_PROPERTIES: Readonly<Record<string, (seed: number) => number>> = {
	"what is read of a message is all that is in it": (seed) => {
		const random = randomOf(seed);
		for (const kind of [...FRONTEND, ...BACKEND]) {
			const whole = kind.make(random);
			assert.deepEqual(kind.reread(whole, 0, whole.length), whole, kind.name);
			readOrRefused(kind, damaged(whole, random), random);
		}
		return 2 * (FRONTEND.length + BACKEND.length);
	},
	"a stream is the same messages however it is cut": (seed) => {
		const random = randomOf(seed);
		const kinds = pick(random, [FRONTEND, BACKEND]);
		const limits = kinds === FRONTEND ? codec.frontendLimits() : codec.backendLimits();
		const messages = Array.from({ length: 1 + Math.floor(random() * 12) }, () =>
			pick(random, kinds).make(random),
		);
		const stream = Buffer.concat(messages);
		assert.deepEqual(framesOf(limits, pieces(stream, random)), messages);
		const hostile = Buffer.from(stream);
		hostile[Math.floor(random() * hostile.length)] = Math.floor(random() * 256);
		assert.deepEqual(
			framesOrRefusal(limits, pieces(hostile, random)),
			framesOrRefusal(limits, [hostile]),
			"a broken stream is refused at the same place",
		);
		return messages.length * 3;
	},
	"masked rows hold nothing that was to be masked, and the rest as it was": (seed) => {
		const random = randomOf(seed);
		const columns = Math.floor(random() * 5);
		const plan = Array.from({ length: columns }, () => (random() < 0.5 ? MASK : null));
		const types = Array.from({ length: columns }, () => pick(random, [25, 23, 1043, 3802]));
		const fields = types.map((typeOid) => ({ typeOid, modifier: -1, format: 0 }));
		const rows = Array.from({ length: 1 + Math.floor(random() * 4) }, () =>
			Array.from({ length: columns }, () =>
				random() < 0.2 ? null : Buffer.alloc(Math.floor(random() * 40), 0x53),
			),
		);
		const stream = Buffer.concat(
			rows.map((values) => {
				const out = new Bytes();
				return out.list(values, (one) => out.value(one)).message("D");
			}),
		);
		const masker = new RowMasker(cellsOf(fields, plan, Buffer.alloc(32), null));
		const masked = framesOf(codec.backendLimits(), [masker.mask(stream, 0, stream.length, new codec.Slab())]);
		for (const [at, row] of masked.entries()) {
			for (const [column, value] of codec.decodeDataRow(row, 0, row.length).entries()) {
				const before = rows[at]?.[column] ?? null;
				if (plan[column] === null) assert.deepEqual(value, before);
				else assert.ok(value === null || value.toString() === "[redacted]");
			}
		}
		assert.equal(masked.length, rows.length);
		const hostile = damaged(stream, random);
		const result = attempt(() => masker.mask(hostile, 0, hostile.length, new codec.Slab()));
		if (result !== null && plan.every((mask) => mask !== null) && columns > 0)
			assert.ok(!result.toString("latin1").includes("SSSSSSSSSS"));
		return rows.length + 1;
	},
	"a start-up packet is read or refused": (seed) => {
		const random = randomOf(seed);
		const out = new Bytes()
			.int32(0)
			.int32(pick(random, [196608, 196610, 80877102, 80877103, 80877104, 131072]));
		for (let left = Math.floor(random() * 4); left > 0; left--)
			out.text(pick(random, ["user", "database", "", "options", "_pq_.x", "-c x=y"]));
		const packet = Buffer.concat([out.body(), Buffer.from(random() < 0.7 ? [0] : [])]);
		packet.writeUInt32BE(packet.length, 0);
		if (random() < 0.5) packet[Math.floor(random() * packet.length)] = Math.floor(random() * 256);
		attempt(() => codec.decodeStartupPacket(packet));
		return 1;
	},
	"a parameter in binary is shown or not shown": (seed) => {
		const random = randomOf(seed);
		const bytes = Buffer.from(
			Array.from({ length: Math.floor(random() * 40) }, () =>
				pick(random, [0, 1, 2, 4, 255, Math.floor(random() * 256)]),
			),
		);
		for (const type of PARAMETER_TYPES) {
			const shown = codec.parameterText(type, 1, bytes);
			assert.ok(shown === null || typeof shown === "string");
		}
		return PARAMETER_TYPES.length;
	},
};

const PARAMETER_TYPES = [
	...[
		16, 17, 18, 20, 21, 23, 26, 114, 650, 700, 701, 869, 1082, 1083, 1114, 1184, 1186, 1266, 1700, 2950, 3802,
	],
	...[1000, 1007, 1009, 1016, 1231, 1115, 1182, 2951, 3807],
];
const MASK = columnMask("redact");

const pick = <T>(random: Random, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

/** What the product makes of bytes that are not right: nothing, or exactly what the bytes say. */
function readOrRefused(kind: Kind, bytes: Buffer, random: Random): void {
	const before = Math.floor(random() * 8);
	const among = Buffer.concat([Buffer.alloc(before, 0x41), bytes, Buffer.alloc(9, 0x42)]);
	const read = attempt(() => kind.reread(among, before, before + bytes.length));
	// Names of the server's are shown as far as they can be: what isn't UTF-8 reads as U+FFFD.
	if (read !== null && (FRONTEND.includes(kind) || !read.includes("\uFFFD")) && !isRepeated(kind))
		assert.deepEqual(read, bytes, `${kind.name} of ${bytes.toString("hex")}`);
}

/** Of a field that stands twice in an error the last one is shown. */
const isRepeated = ({ name }: Kind): boolean => name === "ErrorResponse";

/** The result; null when it was refused in the one way that there is. */
function attempt<T>(work: () => T): T | null {
	try {
		return work();
	} catch (error) {
		assert.ok(error instanceof codec.ProtocolError, String((error as Error).stack));
		return null;
	}
}

function pieces(stream: Buffer, random: Random): Buffer[] {
	const cut: Buffer[] = [];
	for (let at = 0; at < stream.length; ) {
		const size = random() < 0.5 ? 1 + Math.floor(random() * 6) : 1 + Math.floor(random() * stream.length);
		cut.push(Buffer.from(stream.subarray(at, at + size)));
		at += size;
	}
	return cut;
}

function framesOf(limits: codec.LengthLimits, chunks: readonly Buffer[]): Buffer[] {
	const reader = new codec.MessageReader(limits);
	const frames: Buffer[] = [];
	for (const chunk of chunks) {
		reader.push(chunk);
		while (reader.next()) frames.push(Buffer.from(reader.buffer.subarray(reader.start, reader.end)));
	}
	return frames;
}

function framesOrRefusal(limits: codec.LengthLimits, chunks: readonly Buffer[]): (string | Buffer)[] {
	const reader = new codec.MessageReader(limits);
	const frames: (string | Buffer)[] = [];
	try {
		for (const chunk of chunks) {
			reader.push(chunk);
			while (reader.next()) frames.push(Buffer.from(reader.buffer.subarray(reader.start, reader.end)));
		}
	} catch (error) {
		assert.ok(error instanceof codec.ProtocolError, String((error as Error).stack));
		frames.push(error.code);
	}
	return frames;
}
