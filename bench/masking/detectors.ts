import { Detectors } from "../../src/masking/index.ts";
import { corpus, NAMES } from "../../test/corpora/detectors/corpus.ts";
import { scoreCorpus } from "../../test/corpora/detectors/score.ts";

const ROUNDS = 7;
const BYTES = 4 << 20;

/** What detectors get right on the labelled corpus, and how many bytes a second they read on one core. */
export function benchDetectors(): void {
	const { texts, negatives, byKind } = scoreCorpus();
	console.log(`${texts} labelled texts, ${negatives} of them with nothing to be found`);
	console.log("kind          found  wrong  missed  precision  recall");
	for (const [kind, { found, wrong, missed, precision, recall }] of byKind)
		console.log(
			`${kind.padEnd(12)} ${cell(found, 6)} ${cell(wrong, 6)} ${cell(missed, 7)} ${cell(precision.toFixed(3), 10)} ${cell(recall.toFixed(3), 7)}`,
		);
	const rows =
		"1204,Ada,open,2024-01-15 10:30:00+00,The parcel was left with the neighbours at number 12,199.95\n";
	for (const [name, text] of [
		["rows with little to be found", rows],
		[
			"the corpus itself",
			`${corpus()
				.map((each) => each.text)
				.join("\n")}\n`,
		],
	] as const) {
		const bytes = Buffer.alloc(BYTES, text);
		console.log(`${name.padEnd(30)} ${rate(bytes).toFixed(0)} MB/s a core, all kinds`);
	}
}

const cell = (value: number | string, width: number) => String(value).padStart(width);

/** Megabytes a second of CPU time, the median of the rounds. */
function rate(bytes: Buffer): number {
	const detectors = new Detectors(["*"], { expressions: {}, names: NAMES });
	const rates: number[] = [];
	for (let round = 0; round < ROUNDS; round++) {
		const started = process.cpuUsage();
		detectors.find({ bytes, start: 0, end: bytes.length });
		const { user, system } = process.cpuUsage(started);
		rates.push(bytes.length / (user + system));
	}
	return rates.toSorted((a, b) => a - b)[(ROUNDS - 1) / 2] ?? 0;
}
