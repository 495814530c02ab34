import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OutputBatch } from "../../../../../src/protocols/postgres/codec/index.ts";

/** Holds on to what it was given, as a socket does whose kernel is busy. */
function sinkWith(writableLength: number) {
	const taken: Buffer[] = [];
	const write = (chunk: Buffer) => taken.push(chunk) > 0;
	return { cork() {}, uncork() {}, write, writableLength, taken };
}

const put = (batch: OutputBatch, text: string): void => {
	batch.slab.append(Buffer.from(text));
	batch.add(batch.slab.take());
};

describe("the memory in which pieces are written", () => {
	it("is not written over while they are on their way", () => {
		const batch = new OutputBatch();
		const sink = sinkWith(1);
		const texts = Array.from({ length: 300 }, (_, index) => `${index}: `.padEnd(20_000, "x"));
		for (const text of texts) {
			put(batch, text);
			batch.flush(sink);
		}
		assert.deepEqual(
			sink.taken.map((piece) => piece.toString()),
			texts,
		);
	});

	it("is used again once they have gone, by whoever comes next", () => {
		const [one, other] = [new OutputBatch(), new OutputBatch()];
		put(one, "a".repeat(20_000));
		const { bytes } = one.slab;
		one.flush(sinkWith(0));
		assert.equal(one.slab.bytes.length, 0);
		put(other, "b");
		assert.equal(other.slab.bytes, bytes);
	});

	it("holds what was written when it had to be larger", () => {
		const { slab } = new OutputBatch();
		slab.append(Buffer.from("begin"));
		slab.reserve(1_000_000);
		slab.append(Buffer.alloc(300_000, "x"));
		slab.append(Buffer.from("end"));
		assert.equal(slab.take().toString(), `begin${"x".repeat(300_000)}end`);
		assert.equal(slab.take().length, 0);
	});
});
