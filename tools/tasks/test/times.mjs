/** How long each test file took when it last ran here, so that the long ones begin first and none is left alone at the end. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT } from "../../setup/places.mjs";

const KEPT = join(ROOT, "node_modules", ".cache", "test-times.json");

/** What takes longest anywhere: where nothing has run yet these begin first, in this order. */
export const LONG = [
	"test/attack/masking/random/postgres-15.test.ts",
	"test/attack/masking/random/postgres-18.test.ts",
	"test/attack/masking/attempts.test.ts",
	"test/wire/drivers.test.ts",
	"test/attack/postgres/exhaustion.test.ts",
	"test/acceptance/live-reload.test.ts",
	"test/acceptance/operators.test.ts",
	"test/attack/postgres/rewrites/rewrites.test.ts",
	"test/wire/masking/filters.test.ts",
	"test/wire/protocol/differential.test.ts",
	"test/acceptance/impact.test.ts",
	"test/acceptance/delivery.test.ts",
	"test/attack/postgres/bypasses.test.ts",
	"test/wire/dump.test.ts",
	"test/attack/analysis/everyday.test.ts",
	"test/attack/analysis/truth.test.ts",
	"test/wire/protocol/denials.test.ts",
	"test/unit/policy-build/build.test.ts",
	"test/wire/masking/detectors.test.ts",
	"test/acceptance/demo.test.ts",
	"test/wire/catalog.test.ts",
];

/**
 * Files that have not run here yet come after LONG and before all others, in the order given.
 * @param {readonly string[]} files
 * @returns {string[]}
 */
export function longestFirst(files) {
	const times = kept();
	const time = (file) => {
		const at = LONG.indexOf(file);
		return times[file] ?? (at < 0 ? UNKNOWN : UNKNOWN + LONG.length - at);
	};
	const timed = files.map((file) => ({ file, time: time(relative(ROOT, file)) }));
	return timed.sort((a, b) => b.time - a.time).map(({ file }) => file);
}

/** Longer than any file takes, in milliseconds. */
const UNKNOWN = 1e9;

/** @param {ReadonlyMap<string, number>} times milliseconds by file */
export function keepTimes(times) {
	const all = kept();
	for (const [file, time] of times) all[relative(ROOT, file)] = Math.round(time);
	mkdirSync(dirname(KEPT), { recursive: true });
	writeFileSync(KEPT, JSON.stringify(all, null, "\t"));
}

function kept() {
	try {
		return JSON.parse(readFileSync(KEPT, "utf8"));
	} catch {
		return {};
	}
}
