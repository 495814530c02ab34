import assert from "node:assert/strict";
import { test } from "node:test";
import { compare } from "../../../conformance/compare.ts";
import { listedDifferences } from "../../../conformance/listed.ts";
import { report } from "../../../conformance/report.ts";
import type { Outcome } from "../../../conformance/suite.ts";

const outcome = (results: Readonly<Record<string, string>>): Outcome => ({
	summary: `${Object.keys(results).length} tests`,
	results: new Map(Object.entries(results)),
});

test("each place where two outputs differ is one difference, a missing test too", async () => {
	const direct = outcome({ same: "1\n2\n", other: "a\nb\nc\nd\ne\n", bytes: "\xff\n", gone: "passed" });
	const through = outcome({ same: "1\n2\n", other: "a\nB\nc\nd\nextra\ne\n", bytes: "\xfe\n" });
	assert.deepEqual(await compare(direct, through), [
		{ test: "other", lines: ["-b", "+B"] },
		{ test: "other", lines: ["+extra"] },
		{ test: "bytes", lines: ["-\xff", "+\xfe"] },
		{ test: "gone", lines: ["-passed", "+(not run)"] },
	]);
	assert.deepEqual(await compare(direct, direct), []);
});

test("a difference is listed only by its own suite and test, and line for line", () => {
	const isListed = listedDifferences(`# Page

### suite: one

Why.

\`\`\`diff
-before
+DETAIL:  decision …
\`\`\`

\`\`\`diff
+a (line)
\`\`\`
`);
	assert.ok(isListed("suite", { test: "one", lines: ["-before", "+DETAIL:  decision 01m8"] }));
	assert.ok(isListed("suite", { test: "one", lines: ["+a (line)"] }));
	assert.ok(!isListed("suite", { test: "two", lines: ["+a (line)"] }));
	assert.ok(!isListed("other", { test: "one", lines: ["+a (line)"] }));
	assert.ok(!isListed("suite", { test: "one", lines: ["+a (line)", "+more"] }));
	assert.ok(!isListed("suite", { test: "one", lines: ["-before", "+DETAIL:  decision 01m8", "+x"] }));
});

test("the table counts tests that differ, and shows what is not listed", () => {
	const none = outcome({ a: "" });
	const listed = [
		{ test: "a", lines: ["+x"] },
		{ test: "a", lines: ["+y"] },
	];
	const rows = [
		{ suite: "clean", direct: none, through: none, listed: [], unlisted: [] },
		{ suite: "known", direct: none, through: none, listed, unlisted: [] },
		{ suite: "new", direct: none, through: none, listed, unlisted: [{ test: "b", lines: ["-z"] }] },
	];
	assert.deepEqual(report(rows).split("\n"), [
		"new: b",
		"  -z",
		"",
		"suite  direct   through Sallyport  differences",
		"clean  1 tests  1 tests            0",
		"known  1 tests  1 tests            1 (all listed)",
		"new    1 tests  1 tests            2 (1 not listed)",
	]);
});
