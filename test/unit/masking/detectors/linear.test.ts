import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Detectors } from "../../../../src/masking/detectors/index.ts";

const expressions = { nested: "(x+x+)+y", alternatives: "(a|aa|aaa)+c" };
const detectors = new Detectors(["*"], { expressions: {}, names: ["Ada Lovelace"] });
const own = new Detectors(Object.keys(expressions), { expressions, names: [] });

/** Texts that begin the same thing again and again, or never end it. */
const WORST: Readonly<Record<string, string>> = {
	"at signs": "@",
	"one letter and an at sign": "a@",
	labels: "a@b.c.",
	"dots after an at sign": "a@a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.",
	digits: "1",
	"groups of digits": "1 ",
	"groups of four": "4111 ",
	"dashes and digits": "1-2-",
	brackets: "(",
	"brackets and digits": "(1",
	pluses: "+1",
	colons: ":",
	"hexadecimal groups": "1:",
	gaps: "1::",
	schemes: "a://",
	"user names": "a://b:c",
	passwords: "pwd=",
	"passwords with values": "password=a;",
	"begins of tokens": "ghp_",
	"begins with hyphens": "sk-",
	"begins of web tokens": "eyJ",
	"web tokens' parts": "eyJ.",
	"web tokens that hold one": "-eyJ",
	"begins of keys": "-----BEGIN PRIVATE KEY-----\n",
	dashes: "-",
	"begins of account numbers": "DE89",
	"account numbers in groups": "DE89 3704 0044 ",
	"a name's first word": "Ada ",
	"letters of other scripts": "д",
	"zero bytes": "\0",
	tildes: "8Q~",
	slashes: "hooks.slack.com/services/",
	letters: "x",
	alternatives: "aa",
};

/** CPU time of a scan in microseconds, the lesser of two. */
function cost(of: Detectors, bytes: Buffer): number {
	let least = Number.POSITIVE_INFINITY;
	for (let round = 0; round < 2; round++) {
		const before = process.cpuUsage();
		of.find({ bytes, start: 0, end: bytes.length });
		least = Math.min(least, process.cpuUsage(before).user);
	}
	return least;
}

describe("time grows with the length of the text, whatever the text", () => {
	const of = (unit: string, length: number) => Buffer.alloc(length, unit);

	for (const [name, unit] of Object.entries(WORST)) {
		it(name, () => {
			for (const one of [detectors, own]) {
				cost(one, of(unit, 2_000));
				const short = cost(one, of(unit, 10_000));
				const long = cost(one, of(unit, 80_000));
				// Eight times the text: a square would cost 64 times.
				assert.ok(long < Math.max(short, 2_000) * 30, `${short} us, then ${long} us`);
			}
		});
	}
});
