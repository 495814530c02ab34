/** `npm test [-- SUITE|FILE|DIRECTORY ...]`: sets up what the tests need, runs the suites, and counts. */
import { ensureBuilt } from "../setup/build.mjs";
import { ensureOpa } from "../setup/opa.mjs";
import { bold, green, red, seconds } from "./style.mjs";
import { runFiles } from "./test/run-files.mjs";
import { chooseSuites } from "./test/suites.mjs";

/** Of these suites none starts a client or a server other than the embedded one. */
const WITHOUT_CLIENTS = new Set(["house", "policies", "check", "demo"]);

export async function run(args) {
	const suites = chooseSuites(args);
	const started = Date.now();
	await ensureOpa();
	await ensureBuilt();
	if (suites.some(({ name }) => !WITHOUT_CLIENTS.has(name))) {
		const { ensureClients } = await import("../../test/support/clients/set-up.ts");
		await ensureClients();
	}
	console.log(`\n${bold(suites.map(({ name }) => name).join(", "))}`);
	const [counted, others] = await Promise.all([runFiles(filesOf(suites)), runOthers(suites)]);
	console.log("");
	const total = { passed: 0, failed: 0 };
	for (const suite of suites) {
		const counts = others.get(suite) ?? sum(suite.files.map((file) => counted.get(file)));
		total.passed += counts.passed;
		total.failed += counts.failed;
		const paint = counts.failed === 0 ? green : red;
		console.log(paint(`${suite.name}: ${counts.passed} passed, ${counts.failed} failed`));
	}
	console.log(`\n${total.passed} passed, ${total.failed} failed (${seconds(Date.now() - started)})`);
	if (total.failed > 0) process.exitCode = 1;
}

/** All files of all suites are one queue: while those of one wait for servers those of another compute. */
const filesOf = (suites) => [...new Set(suites.flatMap(({ files = [] }) => files))];

/** What is no test file, one after another, beside the files. */
async function runOthers(suites) {
	const counts = new Map();
	for (const suite of suites) if (suite.run !== undefined) counts.set(suite, await suite.run());
	return counts;
}

const sum = (all) =>
	all.reduce(
		(total, counts) => ({
			passed: total.passed + (counts?.passed ?? 0),
			failed: total.failed + (counts?.failed ?? 0),
		}),
		{ passed: 0, failed: 0 },
	);
