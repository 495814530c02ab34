import { Detectors } from "../../src/masking/index.ts";
import { encodeDataRow, Slab } from "../../src/protocols/postgres/codec/index.ts";
import { cellsOf, RowMasker } from "../../src/protocols/postgres/masking/index.ts";
import { corpus, NAMES } from "../../test/corpora/detectors/corpus.ts";
import { scoreCorpus } from "../../test/corpora/detectors/score.ts";
import { columnMask } from "../../test/support/masks.ts";

const ROUNDS = 7;
const BYTES = 4 << 20;
const LEAST_MB = 40;

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
		report(
			name,
			rate(BYTES, () => detectors.find({ bytes, start: 0, end: BYTES })),
		);
	}
	report("results of four columns", rateOfResults());
}

const cell = (value: number | string, width: number) => String(value).padStart(width);

const detectors = new Detectors(["*"], { expressions: {}, names: NAMES });

function report(what: string, rate: number): void {
	const verdict = rate >= LEAST_MB ? "reached" : "MISSED";
	console.log(
		`${what.padEnd(30)} ${rate.toFixed(0)} MB/s a core, all kinds (target: at least ${LEAST_MB})  ${verdict}`,
	);
}

/** Of rows with a little text, an address and two short columns: what is found in them is replaced. */
function rateOfResults(): number {
	const row = [
		"Lovelace",
		"open, waiting",
		"ada@example.com",
		"The parcel was left with the neighbours at number 12",
	];
	const rows = Buffer.alloc(BYTES, encodeDataRow(row.map((value) => Buffer.from(value))));
	const size = encodeDataRow(row.map((value) => Buffer.from(value))).length;
	const detect = { wanted: ["*"], detectors, announced: detectors.announcedBy("note") };
	const masks = row.map(() => columnMask("redact", { detect }));
	const fields = row.map(() => ({ typeOid: 25, modifier: -1, format: 0 }));
	const masker = new RowMasker(cellsOf(fields, masks, Buffer.alloc(32), null));
	const slab = new Slab();
	const length = BYTES - (BYTES % size);
	return rate(length, () => {
		masker.mask(rows, 0, length, slab);
		slab.release();
	});
}

/** Megabytes a second of CPU time, the median of the rounds. */
function rate(bytes: number, look: () => void): number {
	const rates: number[] = [];
	for (let round = 0; round < ROUNDS; round++) {
		const started = process.cpuUsage();
		look();
		const { user, system } = process.cpuUsage(started);
		rates.push(bytes / (user + system));
	}
	return rates.toSorted((a, b) => a - b)[(ROUNDS - 1) / 2] ?? 0;
}
