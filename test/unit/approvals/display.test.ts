import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { display } from "../../../src/approvals/index.ts";

test("an ordinary statement is shown as it is, with nothing to remark", () => {
	const text = "SELECT id, 'a\tb'\n  FROM orders\n WHERE note = 'x ~ ^ §';";
	assert.deepEqual(display(text), { text, remarks: [] });
});

test("what is invisible is shown, each character by its code point", () => {
	const hidden = {
		"\u0000": "U+0000",
		"\u0007": "U+0007",
		"\b": "U+0008",
		"\r": "U+000D",
		"\u001b": "U+001B",
		"\u007f": "U+007F",
		"\u0085": "U+0085",
		"\u00a0": "U+00A0",
		"\u00ad": "U+00AD",
		"\u034f": "U+034F",
		"\u061c": "U+061C",
		"\u115f": "U+115F",
		"\u180e": "U+180E",
		"\u2003": "U+2003",
		"\u200b": "U+200B",
		"\u200d": "U+200D",
		"\u200e": "U+200E",
		"\u200f": "U+200F",
		"\u2028": "U+2028",
		"\u202a": "U+202A",
		"\u202e": "U+202E",
		"\u2060": "U+2060",
		"\u2066": "U+2066",
		"\u2069": "U+2069",
		"\u2800": "U+2800",
		"\u3000": "U+3000",
		"\u3164": "U+3164",
		"\ufe0f": "U+FE0F",
		"\ufeff": "U+FEFF",
		"\uffa0": "U+FFA0",
		"\ufff9": "U+FFF9",
		"\uffff": "U+FFFF",
		"\ue000": "U+E000",
		"\ud800": "U+D800",
		"\u{e0041}": "U+E0041",
		"\u{e0101}": "U+E0101",
		"\u{1d173}": "U+1D173",
	};
	for (const [character, name] of Object.entries(hidden)) {
		const shown = display(`SELECT 1${character}--`);
		assert.equal(shown.text, `SELECT 1⟨${name}⟩--`);
		assert.deepEqual(shown.remarks, ["1 invisible or unusual character shown as ⟨U+…⟩."]);
	}
});

test("nothing is ever cut", () => {
	const text = `SELECT ${"1,".repeat(100_000)}2; DROP TABLE orders`;
	const shown = display(text);
	assert.equal(shown.text, text);
	assert.deepEqual(shown.remarks, [`Is long: ${text.length} characters in 1 lines.`]);
});

test("gaps that push the rest out of view are remarked on", () => {
	const remark = "Holds a wide gap: more of it may lie beyond the edge of the view.";
	assert.deepEqual(display(`SELECT 1${" ".repeat(200)}; DROP TABLE t`).remarks, [remark]);
	assert.deepEqual(display(`SELECT 1${"\n".repeat(50)}; DROP TABLE t`).remarks, [remark]);
	assert.deepEqual(display(`SELECT 1${" \t\n".repeat(50)}; DROP TABLE t`).remarks, [remark]);
});

test("letters that turn the order, or look like others, stay and are remarked on", () => {
	const hebrew = display("SELECT 'שלום', 1");
	assert.equal(hebrew.text, "SELECT 'שלום', 1");
	assert.equal(hebrew.remarks.length, 2);
	assert.deepEqual(display("SELECT * FROM \u043erders").remarks, [
		"Holds letters beyond ASCII, some of which look like ASCII ones.",
	]);
});

test("no two texts are shown alike, and what is shown has no character that hides", () => {
	const unit = fc.constantFrom(
		"a",
		"⟨",
		"⟩",
		"U+202E",
		"\u202e",
		"\u200b",
		"\ud83d",
		"\ude00",
		"\n",
		"⟨U+202E⟩",
	);
	const text = fc.array(unit, { maxLength: 12 }).map((units) => units.join(""));
	fc.assert(
		fc.property(text, text, (a, b) => {
			assert.equal(display(a).text === display(b).text, a === b);
			assert.equal(/[\u200b\u202e]/.test(display(a).text), false);
		}),
	);
});
