import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Detectors, MaskingError, replaceFound } from "../../../../src/masking/index.ts";

const replaced = (detectors: Detectors, text: string, name = "") =>
	replaceFound(detectors, Buffer.from(text), detectors.announcedBy(name)).toString();

describe("detectors", () => {
	const all = new Detectors(["*"]);

	it("put the kind's mark in the place of what they find, and leave the rest as it is", () => {
		assert.equal(
			replaced(all, "ada@example.com paid 4111 1111 1111 1111 from 10.0.0.1 (order 1234567890)"),
			"[email] paid [card] from [ip] (order 1234567890)",
		);
	});

	it("answer the same bytes where there is nothing", () => {
		const bytes = Buffer.from("nothing here");
		assert.equal(replaceFound(all, bytes), bytes);
	});

	it("find what is asked for only, and take nothing else for it", () => {
		const phones = new Detectors(["phone"]);
		assert.equal(replaced(phones, "4111 1111 1111 1111 or +49 30 123456"), "4111 1111 1111 1111 or [phone]");
	});

	it("take a column's name for the word that announces a number", () => {
		assert.equal(replaced(all, "111222333"), "111222333");
		assert.equal(replaced(all, "111222333", "bsn"), "[national_id]");
		assert.equal(replaced(all, "4155550123", "customer_phone"), "[phone]");
		assert.equal(replaced(all, "4155550123", "customerPhone"), "[phone]");
		assert.equal(replaced(all, "13812345678", "手机"), "[phone]");
		assert.equal(replaced(all, "4155550123", "saxophone"), "4155550123");
	});

	it("are known by name", () => {
		assert.throws(
			() => new Detectors(["emails"]),
			(thrown) => thrown instanceof MaskingError && thrown.code === "mask_detector_unknown",
		);
	});

	it("keep what invalid UTF-8 there is", () => {
		const bytes = Buffer.from([0xff, 0x20, ...Buffer.from("a@example.com"), 0x20, 0xc3]);
		assert.deepEqual(
			replaceFound(all, bytes),
			Buffer.from([0xff, 0x20, ...Buffer.from("[email]"), 0x20, 0xc3]),
		);
	});

	it("leave the key in a connection string and hide the password only", () => {
		assert.equal(replaced(all, "postgres://app:hunter22@db/x"), "postgres://app:[password]@db/x");
		assert.equal(replaced(all, "Server=db;Uid=app;Pwd=hunter22;"), "Server=db;Uid=app;Pwd=[password];");
	});
});

describe("names of people", () => {
	const named = new Detectors(["person"], {
		expressions: {},
		names: ["Ada Lovelace", "Ada", "Jean-Luc", "O'Brien"],
	});

	it("are whole words, the longest first", () => {
		assert.equal(
			replaced(named, "Ada  Lovelace, Ada, Adam, ADA LOVELACE"),
			"[person], [person], Adam, [person]",
		);
	});

	it("may be written with a hyphen, an apostrophe or quotes around", () => {
		assert.equal(replaced(named, "'Jean-Luc' “O’Brien” O'Brien"), "'[person]' “[person]” [person]");
	});

	it("are found only where a dictionary is configured", () => {
		assert.equal(replaced(new Detectors(["*"]), "Ada Lovelace"), "Ada Lovelace");
	});
});

describe("own expressions", () => {
	const own = new Detectors(["badge", "email"], {
		expressions: { badge: "B-[0-9]{6}", other: "x+" },
		names: [],
	});

	it("have their name as the mark", () => {
		assert.equal(replaced(own, "xxx B-123456 and ünder B-654321"), "xxx [badge] and ünder [badge]");
	});

	it("overlap others without leaving a piece of either", () => {
		const wide = new Detectors(["wide", "email"], { expressions: { wide: "com,[a-z]+" }, names: [] });
		assert.equal(replaced(wide, "ada@example.com,secret rest"), "[email] rest");
	});
});
