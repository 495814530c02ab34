import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bindingHash } from "../../../src/approvals/index.ts";

const part = fc.oneof(fc.string({ maxLength: 4 }), fc.uint8Array({ maxLength: 4 }), fc.constant(null));

test("equal parts have one hash, other parts another", () => {
	const parts = fc.array(part, { maxLength: 5 });
	const key = (list: (string | Uint8Array | null)[]) =>
		JSON.stringify(list.map((one) => (one === null ? null : typeof one === "string" ? `s${one}` : [...one])));
	fc.assert(
		fc.property(parts, parts, (a, b) => {
			assert.equal(bindingHash(a) === bindingHash(b), key(a) === key(b));
		}),
	);
});

test("parts can't flow into one another", () => {
	const hashes = [
		["ab", "c"],
		["a", "bc"],
		["abc"],
		["abc", ""],
		["abc", null],
		["s3:abc"],
		[new Uint8Array([97, 98, 99])],
		[],
		[null],
		[""],
	].map((parts) => bindingHash(parts));
	assert.equal(new Set(hashes).size, hashes.length);
	for (const hash of hashes) assert.match(hash, /^[0-9a-f]{64}$/);
});
