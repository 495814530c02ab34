/** How long each test file took when it last ran here, so that the long ones begin first and none is left alone at the end. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT } from "../../setup/places.mjs";

const KEPT = join(ROOT, "node_modules", ".cache", "test-times.json");

/**
 * Files that have not run here yet come before all others, in the order given.
 * @param {readonly string[]} files
 * @returns {string[]}
 */
export function longestFirst(files) {
	const times = kept();
	const time = (file) => times[relative(ROOT, file)] ?? Number.POSITIVE_INFINITY;
	return [...files].sort((a, b) => (time(a) === time(b) ? 0 : time(b) - time(a)));
}

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
