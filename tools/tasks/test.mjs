/** `npm test [-- SUITE|FILE|DIRECTORY ...]`: sets up what the tests need, runs the suites, and counts. */
import { ensureBuilt } from "../setup/build.mjs";
import { ensureOpa } from "../setup/opa.mjs";
import { bold, green, red, seconds } from "./style.mjs";
import { chooseSuites } from "./test/suites.mjs";

/** Of these suites none starts a client or a server other than the embedded one. */
const WITHOUT_CLIENTS = new Set(["house", "policies", "check", "demo"]);

export async function run(args) {
	const suites = chooseSuites(args);
	await ensureOpa();
	await ensureBuilt();
	if (suites.some(({ name }) => !WITHOUT_CLIENTS.has(name))) {
		const { ensureClients } = await import("../../test/support/clients/set-up.ts");
		await ensureClients();
	}
	const total = { passed: 0, failed: 0 };
	for (const suite of suites) {
		const counts = await runSuite(suite);
		total.passed += counts.passed;
		total.failed += counts.failed;
	}
	console.log(`\n${total.passed} passed, ${total.failed} failed`);
	if (total.failed > 0) process.exitCode = 1;
}

async function runSuite({ name, run }) {
	console.log(`\n${bold(name)}`);
	const started = Date.now();
	const counts = await run();
	const outcome = `${name}: ${counts.passed} passed, ${counts.failed} failed`;
	const paint = counts.failed === 0 ? green : red;
	console.log(`${paint(outcome)} (${seconds(Date.now() - started)})`);
	return counts;
}
