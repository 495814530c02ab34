import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { maskText, tokenValue } from "../../../src/masking/index.ts";
import { columnMask } from "../../support/masks.ts";

const KEY = Buffer.alloc(32, 1);
const token = (value: string, key = KEY) => maskText(columnMask("tokenise"), value, key) ?? "";

describe("tokens", () => {
	it("stand for a value: the same for the same, and back again with the key", () => {
		for (const value of ["", "x", "ada@example.com", "ü😀\0\u0080", "x".repeat(10_000)]) {
			assert.equal(token(value), token(value));
			assert.match(token(value), /^tok_[\w-]+$/);
			assert.equal(tokenValue(token(value), KEY)?.toString(), value);
		}
		assert.notEqual(token("a"), token("b"));
		assert.notEqual(token("a"), token("a", Buffer.alloc(32, 2)));
	});

	it("tell no length to the character", () => {
		assert.equal(token("").length, token("x".repeat(15)).length);
		assert.ok(token("x".repeat(15)).length < token("x".repeat(16)).length);
	});

	it("that were not made with the key stand for nothing", () => {
		const good = token("ada@example.com");
		assert.equal(tokenValue(good, Buffer.alloc(32, 2)), null);
		for (let at = 4; at < good.length; at++) {
			const other = good[at] === "A" ? "B" : "A";
			assert.equal(tokenValue(good.slice(0, at) + other + good.slice(at + 1), KEY), null, String(at));
		}
		for (const text of ["", "tok_", "tok_AAAA", good.slice(4), `${good}A`, `${good}=`, good.toUpperCase()])
			assert.equal(tokenValue(text, KEY), null, text);
	});
});
