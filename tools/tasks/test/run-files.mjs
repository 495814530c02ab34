/** Runs test files with Node's own runner, a process each, and prints a line a file and whatever failed. */
import { join, relative, resolve } from "node:path";
import { run } from "node:test";
import { inspect } from "node:util";
import { ROOT } from "../../setup/places.mjs";
import { dim, green, red, seconds } from "../style.mjs";
import { keepTimes, longestFirst } from "./times.mjs";

const FILE_TIMEOUT_MS = 900_000;
/** Files wait for servers and clocks now and then: a third keeps two processors busy meanwhile. */
const CONCURRENCY = 3;

/** Every process would compile the same sources anew. */
const COMPILED = join(ROOT, "node_modules", ".cache", "compiled");

/**
 * A test that is skipped or still to be written counts as failed: it shows nothing.
 * @param {readonly string[]} files
 * @returns {Promise<Map<string, { passed: number, failed: number }>>} by file
 */
export async function runFiles(files) {
	process.env.NODE_COMPILE_CACHE ??= COMPILED;
	const stream = run({
		files: longestFirst(files),
		concurrency: CONCURRENCY,
		timeout: FILE_TIMEOUT_MS,
		cwd: ROOT,
	});
	const times = new Map();
	const outputs = new Map();
	const failures = new Map();
	const counted = new Map();

	const collect = ({ file, message }) => outputs.set(file, (outputs.get(file) ?? "") + message);
	stream.on("test:stdout", collect);
	stream.on("test:stderr", collect);
	stream.on("test:fail", (event) => note(failures, event, describe(event.details.error)));
	stream.on("test:pass", (event) => {
		const undone = event.skip !== undefined ? "skipped" : event.todo !== undefined ? "still to be done" : "";
		if (undone !== "") note(failures, event, `is ${undone}`);
	});
	stream.on("test:summary", ({ file, counts, duration_ms: time }) => {
		if (file === undefined) return;
		const failed = counts.failed + counts.cancelled + counts.skipped + counts.todo;
		counted.set(file, { passed: counts.passed, failed });
		times.set(file, time);
		printFile(file, counts.passed, failed, time);
		if (failed === 0) return;
		for (const failure of failures.get(file) ?? []) console.log(failure);
		if (outputs.has(file)) console.log(dim(`    it printed:\n${indented(outputs.get(file))}`));
	});
	for await (const _ of stream); // flows only while it is read
	// A file that ended before its first test has no summary of its own, and must not pass for it.
	for (const file of files.map((each) => resolve(ROOT, each)).filter((each) => !times.has(each))) {
		counted.set(file, { passed: 0, failed: 1 });
		printFile(file, 0, 1, 0);
		for (const failure of failures.get(file) ?? []) console.log(failure);
		if (outputs.has(file)) console.log(dim(`    it printed:\n${indented(outputs.get(file))}`));
	}
	// What a helper declares for a test file is the helper's own to Node.
	for (const [file, list] of failures) {
		if (counted.has(file)) continue;
		console.log(`  ${red("✗")} declared in ${relative(ROOT, file)}`);
		for (const failure of list) console.log(failure);
	}
	keepTimes(times);
	return counted;
}

function printFile(file, passed, failed, time) {
	const sign = failed === 0 ? green("✓") : red("✗");
	const count = failed === 0 ? `${passed}` : `${passed} passed, ${failed} failed`;
	console.log(`  ${sign} ${relative(ROOT, file)} ${dim(`${count}, ${seconds(time)}`)}`);
}

function note(failures, { file, name, details }, what) {
	// A test whose subtests failed says no more than that.
	if (details?.error?.failureType === "subtestsFailed") return;
	const list = failures.get(file) ?? [];
	failures.set(file, list);
	list.push(`    ${red(name)}\n${indented(what)}`);
}

function describe(error) {
	const cause = error?.cause ?? error;
	return cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause);
}

const indented = (text) =>
	text
		.trimEnd()
		.split("\n")
		.map((line) => `      ${line}`)
		.join("\n");
