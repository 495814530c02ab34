import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
	Backend,
	backendLimits,
	encodeCommandComplete,
	encodeDataRow,
	encodeParse,
	encodeQuery,
	encodeReadyForQuery,
	Frontend,
	frontendLimits,
	MessageReader,
	OutputBatch,
	ProtocolError,
	type ProtocolErrorCode,
	SYNC,
} from "../../../../../src/protocols/postgres/codec/index.ts";

/** Runs are kept: a failure prints its seed and path, which go here as a further example. */
const RUNS = { numRuns: 300, seed: 20_261_126 };

function readAll(reader: MessageReader, chunks: readonly Buffer[]): Buffer[] {
	const messages: Buffer[] = [];
	for (const chunk of chunks) {
		reader.push(chunk);
		while (reader.next()) messages.push(Buffer.from(reader.buffer.subarray(reader.start, reader.end)));
	}
	return messages;
}

/** Cuts a stream at the given places (fractions). */
function cut(stream: Buffer, places: readonly number[]): Buffer[] {
	const offsets = places.map((place) => Math.floor(place * stream.length)).sort((a, b) => a - b);
	return [0, ...offsets].map((start, index) => stream.subarray(start, offsets[index] ?? stream.length));
}

const message = fc
	.tuple(fc.constantFrom(...Object.values(Backend)), fc.uint8Array({ maxLength: 300 }))
	.map(([type, body]) => {
		const bytes = Buffer.alloc(5 + body.length);
		bytes[0] = type;
		bytes.writeInt32BE(4 + body.length, 1);
		bytes.set(body, 5);
		return bytes;
	});
const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 });

describe("MessageReader", () => {
	it("gives the same messages however the stream is cut", () => {
		fc.assert(
			fc.property(fc.array(message, { maxLength: 30 }), places, (messages, where) => {
				const reader = new MessageReader(backendLimits());
				assert.deepEqual(readAll(reader, cut(Buffer.concat(messages), where)), messages);
				assert.equal(reader.midMessage, false);
			}),
			RUNS,
		);
	});

	it("gives every byte once and in order when long messages come in parts", () => {
		fc.assert(
			fc.property(fc.array(message, { maxLength: 30 }), places, fc.nat(200), (messages, where, above) => {
				const reader = new MessageReader(backendLimits());
				reader.streamAbove = above;
				const stream = Buffer.concat(messages);
				const pieces: Buffer[] = [];
				let index = -1;
				let seen = 0;
				for (const chunk of cut(stream, where)) {
					reader.push(chunk);
					while (reader.next()) {
						const piece = reader.buffer.subarray(reader.start, reader.end);
						if (reader.part === "whole" || reader.part === "first") {
							index++;
							seen = 0;
							assert.equal(reader.type, messages[index]?.[0]);
							assert.ok(piece.length >= 5);
						}
						seen += piece.length;
						const size = messages[index]?.length ?? 0;
						assert.equal(reader.part === "whole" || reader.part === "last", seen === size);
						const streamable = reader.type === Backend.DataRow || reader.type === Backend.CopyData;
						if (reader.part !== "whole") assert.ok(streamable && size > above);
						pieces.push(Buffer.from(piece));
					}
				}
				assert.deepEqual(Buffer.concat(pieces), stream);
			}),
			RUNS,
		);
	});

	it("throws nothing but ProtocolError, whatever comes", () => {
		fc.assert(
			fc.property(
				fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 20 }),
				fc.boolean(),
				(chunks, frontend) => {
					const reader = new MessageReader(frontend ? frontendLimits(1000) : backendLimits(1000));
					try {
						readAll(
							reader,
							chunks.map((chunk) => Buffer.from(chunk)),
						);
					} catch (error) {
						assert.ok(error instanceof ProtocolError);
					}
				},
			),
			{ ...RUNS, numRuns: 1000 },
		);
	});

	it("does not copy what lies whole in a chunk", () => {
		const chunk = Buffer.concat([encodeReadyForQuery("I"), encodeReadyForQuery("T")]);
		const reader = new MessageReader(backendLimits());
		reader.push(chunk);
		assert.ok(reader.next());
		assert.equal(reader.buffer, chunk);
		assert.ok(reader.next());
		assert.deepEqual([reader.start, reader.end], [6, 12]);
		assert.equal(reader.buffer, chunk);
	});

	it("widens over a run of rows, and over no more than asked for", () => {
		const row = encodeDataRow([Buffer.from("x")]);
		const half = row.subarray(0, 7);
		const chunk = Buffer.concat([row, row, row, encodeCommandComplete("SELECT 3"), row, half]);
		const reader = new MessageReader(backendLimits());
		reader.push(chunk);
		assert.ok(reader.next());
		assert.equal(reader.extend(2), 2);
		assert.deepEqual([reader.start, reader.end], [0, 2 * row.length]);
		assert.ok(reader.next());
		assert.equal(reader.extend(), 1);
		assert.ok(reader.next());
		assert.equal(reader.type, Backend.CommandComplete);
		assert.ok(reader.next());
		assert.equal(reader.extend(), 1);
		assert.equal(reader.next(), false);
		assert.equal(reader.midMessage, true);
		reader.push(row.subarray(7));
		assert.ok(reader.next());
		assert.equal(reader.extend(), 1);
	});

	it("holds no more memory than has arrived, whatever a header announces", () => {
		const header = Buffer.from([Frontend.Query, 0x03, 0xff, 0xff, 0xff]);
		const readers = Array.from({ length: 2000 }, () => new MessageReader(frontendLimits()));
		const before = process.memoryUsage().arrayBuffers;
		for (const reader of readers) {
			reader.push(header);
			assert.equal(reader.next(), false);
		}
		assert.ok(process.memoryUsage().arrayBuffers - before < 64 * 1024 * 1024);
	});

	const refused: readonly [string, Buffer, ProtocolErrorCode, string][] = [
		["length 0", Buffer.from([Frontend.Query, 0, 0, 0, 0]), "message_length_invalid", "08P01"],
		["length 3", Buffer.from([Frontend.Query, 0, 0, 0, 3]), "message_length_invalid", "08P01"],
		["length 2^31", Buffer.from([Frontend.Query, 0x80, 0, 0, 0]), "message_length_invalid", "08P01"],
		["length 2^32-1", Buffer.from([Frontend.Query, 255, 255, 255, 255]), "message_length_invalid", "08P01"],
		["a Query beyond the limit", Buffer.from([Frontend.Query, 0, 0, 3, 233]), "message_too_large", "54000"],
		["an Execute of 1 MB", Buffer.from([Frontend.Execute, 0, 0x10, 0, 0]), "message_too_large", "54000"],
		["a Sync of 1 MB", Buffer.from([Frontend.Sync, 0, 0x10, 0, 0]), "message_too_large", "54000"],
		["an unknown type", Buffer.from([0x7a, 0, 0, 0, 4]), "message_type_unknown", "08P01"],
		["type 0", Buffer.from([0, 0, 0, 0, 4]), "message_type_unknown", "08P01"],
	];
	for (const [name, bytes, code, sqlstate] of refused) {
		it(`refuses ${name}, alone and split`, () => {
			for (const chunks of [[bytes], [bytes.subarray(0, 2), bytes.subarray(2)], [SYNC, bytes]]) {
				const reader = new MessageReader(frontendLimits(1000));
				assert.throws(() => readAll(reader, chunks), { name: "ProtocolError", code, sqlstate });
			}
		});
	}

	it("hands the unread rest on", () => {
		const reader = new MessageReader(frontendLimits());
		reader.push(Buffer.concat([SYNC, encodeQuery("SELECT 1")]));
		assert.ok(reader.next());
		assert.deepEqual(reader.remainder(), encodeQuery("SELECT 1"));
	});

	it("takes a further chunk before the last one was read", () => {
		const reader = new MessageReader(frontendLimits());
		const [a, b] = [encodeQuery("SELECT 1"), encodeParse("s", "SELECT 2")];
		reader.push(a);
		reader.push(b);
		assert.deepEqual(readAll(reader, []), []);
		assert.ok(reader.next());
		assert.ok(reader.next());
		assert.equal(reader.next(), false);
	});
});

describe("OutputBatch", () => {
	/** A sink that is full from its third write on. */
	function sinkOf(pieces: Buffer[]) {
		return { cork() {}, uncork() {}, write: (chunk: Buffer) => pieces.push(chunk) < 3, writableLength: 1 };
	}

	for (const size of [10, 100_000]) {
		it(`sends everything once and in order, pieces of ${size} bytes`, () => {
			const buffer = Buffer.from(Array.from({ length: size }, (_, index) => index % 251));
			const pieces: Buffer[] = [];
			const batch = new OutputBatch();
			assert.equal(batch.flush(sinkOf(pieces)), true);
			batch.add(buffer, 0, 3);
			batch.add(buffer, 3, size);
			batch.add(buffer, size, size);
			batch.add(SYNC);
			batch.add(buffer, 6, size);
			const expected = Buffer.concat([buffer, SYNC, buffer.subarray(6)]);
			assert.equal(batch.bytes, expected.length);
			assert.equal(batch.flush(sinkOf(pieces)), size === 10);
			assert.deepEqual(Buffer.concat(pieces), expected);
			assert.equal(pieces.length, size === 10 ? 1 : 3);
			assert.equal(batch.bytes, 0);
			batch.add(buffer, 8, 10);
			batch.flush(sinkOf(pieces));
			assert.deepEqual(pieces.at(-1), buffer.subarray(8, 10));
		});
	}
});
