import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Detectors, ReplacingStream, replaceFound } from "../../../../src/masking/detectors/index.ts";
import { corpus, NAMES } from "../../../corpora/detectors/corpus.ts";
import { Random } from "../../../corpora/detectors/random.ts";

const detectors = new Detectors(["*"], { expressions: { badge: "B-[0-9]{6}" }, names: NAMES });

function streamed(text: Buffer, size: (left: number) => number): Buffer {
	const stream = new ReplacingStream(detectors);
	const out: Buffer[] = [];
	for (let at = 0; at < text.length; ) {
		const next = at + Math.max(1, size(text.length - at));
		// A piece may be written over when push has returned.
		const piece = Buffer.from(text.subarray(at, next));
		out.push(Buffer.from(stream.push(piece)));
		piece.fill(0);
		at = next;
	}
	out.push(stream.end());
	return Buffer.concat(out);
}

describe("a text that comes in pieces", () => {
	const random = new Random(7);
	const long = Buffer.from(
		corpus()
			.map(({ text }) => text)
			.join(" \n"),
	);

	it("becomes what it does in one piece, wherever it is cut", () => {
		const whole = replaceFound(detectors, long);
		assert.notDeepEqual(whole, long);
		for (const most of [1_000, 20_000, 70_000])
			assert.ok(streamed(long, () => 1 + random.below(most)).equals(whole), `pieces up to ${most}`);
	});

	it("is masked though one value crosses each border of what is held", () => {
		for (let before = 16_300; before < 16_400; before += 3) {
			const text = Buffer.from(`${"x ".repeat(before / 2)}card 4111 1111 1111 1111, ${"y ".repeat(40_000)}`);
			const out = streamed(text, () => 512).toString();
			assert.ok(out.includes("card [card], y"), String(before));
		}
	});

	it("hides what is longer than the look-ahead to its end", () => {
		const body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIB\n".repeat(4_000);
		const text = Buffer.from(
			`key:\n-----BEGIN PRIVATE KEY-----\n${body}-----END PRIVATE KEY-----\n,{"after": 1}`,
		);
		const out = streamed(text, () => 4_096).toString();
		assert.ok(out.startsWith("key:\n[private_key]"));
		assert.ok(!out.includes("MIIE"));
		assert.ok(out.includes('{"after": 1}'));
	});

	it("is not held: what stays behind is bounded", () => {
		const stream = new ReplacingStream(detectors);
		const piece = Buffer.from("a line of text without anything\n".repeat(2_048));
		let taken = 0;
		let given = 0;
		for (let i = 0; i < 64; i++) {
			taken += piece.length;
			given += stream.push(piece).length;
			assert.ok(taken - given <= 64 * 1024, `${taken - given} bytes are held`);
		}
		assert.equal(given + stream.end().length, taken);
	});
});
