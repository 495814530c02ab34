import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { DETECTOR_KINDS } from "../../../../src/policy/index.ts";
import { scoreCorpus } from "../../../corpora/detectors/score.ts";

/** Kinds whose numbers have check digits, or whose form is as good. */
const CHECKED = new Set(["card", "iban", "national_id", "jwt", "private_key", "token"]);

describe("the detectors on the labelled corpus", () => {
	const scored = scoreCorpus();

	it("is read by them whole: 2,000 texts and more, half of them with nothing to be found", () => {
		assert.ok(scored.texts >= 2_000, String(scored.texts));
		assert.ok(scored.negatives >= scored.texts / 2, `${scored.negatives} of ${scored.texts}`);
	});

	for (const [kind, { precision, recall, found }] of scored.byKind) {
		const [least, most] = CHECKED.has(kind) ? [0.98, 0.97] : [0.95, 0.95];
		it(`find ${kind} with a precision of ${least} and a recall of ${most}`, () => {
			assert.ok(found >= 50, `only ${found} of them were there`);
			const told = scored.mistakes.filter((mistake) => mistake.includes(kind)).join("\n");
			assert.ok(precision >= least && recall >= most, `${precision} ${recall}\n${told}`);
		});
	}

	it("are as good as docs/detectors.md says, which has every kind", async () => {
		const page = await readFile(new URL("../../../../docs/detectors.md", import.meta.url), "utf8");
		const rows = [...scored.byKind].map(
			([kind, { found, wrong, missed, precision, recall }]) =>
				`| ${kind} | ${found} | ${wrong} | ${missed} | ${precision.toFixed(3)} | ${recall.toFixed(3)} |`,
		);
		assert.ok(page.includes(rows.join("\n")), rows.join("\n"));
		const { texts, negatives } = scored;
		assert.ok(
			page.includes(`${texts.toLocaleString("en")} texts, ${negatives.toLocaleString("en")} of them`),
		);
		for (const kind of DETECTOR_KINDS) assert.ok(page.includes(`| \`${kind}\` |`), kind);
	});
});
