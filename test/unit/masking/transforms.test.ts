import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, it } from "node:test";
import { type ColumnMask, maskBytes, maskText, partialText } from "../../../src/masking/index.ts";
import type { TransformName } from "../../../src/policy/index.ts";
import { columnMask } from "../../support/masks.ts";

const KEY = Buffer.alloc(32, 1);
const mask = (transform: TransformName, keep = 0): ColumnMask => columnMask(transform, { keep });

describe("partial", () => {
	for (const [text, keep, expected] of [
		// Cards and telephone numbers keep their shape.
		["4111 1111 1111 4242", 4, "**** **** **** 4242"],
		["4111-1111-1111-4242", 4, "****-****-****-4242"],
		["4111111111114242", 4, "************4242"],
		["+49 (30) 901820", 2, "+** (**) ****20"],
		// No more characters than are kept: masked whole.
		["4242", 4, "****"],
		["42-4", 4, "**-*"],
		["", 4, ""],
		["42425", 4, "*2425"],
		// Keep 0 is the shape only.
		["Ada Lovelace", 0, "*** ********"],
		["12.50", 0, "**.**"],
		["--", 0, "**"],
		["-- .", 4, "****"],
		// E-mail addresses.
		["ada@example.com", 0, "a***@***.com"],
		["a@example.com", 0, "***@***.com"],
		["ada.lovelace+x@mail.example.co.uk", 0, "a***@***.uk"],
		["😀da@example.com", 0, "😀***@***.com"],
		["ada@localhost", 0, "*************"],
		["two@at@example.com", 0, "**************.***"],
		["ada@example.com", 4, "**********e.com"],
		["see ada@example.com", 0, "*** ***********.***"],
		// Characters are code points, whatever their bytes.
		["Ünïcödé", 2, "*****dé"],
		["😀😁😂", 1, "**😂"],
		["日本語テキスト", 3, "****キスト"],
		// White space other than a blank is masked too.
		["a\tb\nc", 1, "****c"],
	] as const) {
		it(`${JSON.stringify(text)} keep ${keep}`, () => assert.equal(partialText(text, keep), expected));
	}

	it("is the same for bytes as for texts", () => {
		const words = [
			"",
			" ",
			"a",
			"ab",
			"a b",
			"-",
			"--.",
			"a@b.c",
			"ab@c.d",
			"@b.c",
			"a@.c",
			"a@b.",
			"a@b@c.d",
			"a b@c.d",
		];
		const texts = [
			...words,
			"a@b..c",
			"a@b.c d",
			"a\tb",
			"ada@example.com",
			"4111 1111 1111 4242",
			"ä@b.c",
			"abcdéf",
			"+49 (30) 1",
		];
		for (const text of texts)
			for (const [keep, keepFirst] of [
				[0, 0],
				[4, 0],
				[0, 1],
				[2, 1],
				[64, 0],
			] as const)
				assert.equal(
					maskText(columnMask("partial", { keep, keepFirst }), text, KEY),
					partialText(text, keep, keepFirst),
					JSON.stringify([text, keep, keepFirst]),
				);
	});

	it("takes a long value in a moment", () => {
		for (const text of ["x".repeat(5_000_000), `a@${".".repeat(1_000_000)}`, `a@${"b.".repeat(500_000)}`]) {
			const started = process.cpuUsage();
			partialText(text, 0);
			assert.ok(process.cpuUsage(started).user < 3_000_000);
		}
	});
});

describe("the other transforms", () => {
	it("redact: always the same, empty values too", () => {
		for (const value of ["", "x", "a longer one"])
			assert.equal(maskText(mask("redact"), value, KEY), "[redacted]");
	});

	it("null: null", () => assert.equal(maskText(mask("null"), "x", KEY), null));

	it("hash: a keyed digest of the bytes, 32 digits", () => {
		for (const value of ["", "ada@example.com", "ä"]) {
			const expected = createHmac("sha256", KEY).update(value).digest("hex").slice(0, 32);
			assert.equal(maskText(mask("hash"), value, KEY), expected);
			assert.notEqual(maskText(mask("hash"), value, Buffer.alloc(32, 2)), expected);
		}
	});

	it("hash: with keys of any length", () => {
		for (const size of [1, 63, 64, 65, 200]) {
			const key = Buffer.alloc(size, 3);
			const expected = createHmac("sha256", key).update("x").digest("hex").slice(0, 32);
			assert.equal(maskText(mask("hash"), "x", key), expected);
		}
	});

	it("bytes that are not UTF-8 are masked whole", () => {
		const bytes = Buffer.from([0x61, 0xff, 0x62]);
		assert.equal(maskBytes(mask("partial", 1), bytes, KEY)?.toString(), "[redacted]");
		assert.match(maskBytes(mask("hash"), bytes, KEY)?.toString() ?? "", /^[0-9a-f]{32}$/);
	});
});
