#!/usr/bin/env node
/**
 * What `npm test`, `npm run demo`, `check`, `bench`, `conformance`, `fuzz`, `soak` and `build` start. It brings
 * whatever a fresh clone is without (the right Node, the packages, opa, the build), each only when it is missing, and
 * then does what was asked for. Plain JavaScript for Node 18 and up without a dependency, as is all that it imports
 * before the packages are there.
 */
import { fileURLToPath } from "node:url";
import { reportingFailures, SetupFailure } from "./setup/failure.mjs";
import { withRightNode } from "./setup/node.mjs";
import { ensurePackages } from "./setup/packages.mjs";

/** An npm that is killed outright passes nothing on, and what it started would run on by itself. */
function endWithWhoeverStartedUs() {
	const parent = process.ppid;
	const look = () => {
		if (process.ppid !== parent) process.kill(process.pid, "SIGTERM");
	};
	setInterval(look, 1_000).unref();
}

const TASKS = ["test", "check", "demo", "bench", "conformance", "fuzz", "soak", "build"];

endWithWhoeverStartedUs();
await reportingFailures(() =>
	withRightNode(fileURLToPath(import.meta.url), async () => {
		const [task, ...args] = process.argv.slice(2);
		if (!TASKS.includes(task)) {
			throw new SetupFailure(`There is no task ${task ?? "given"}.`, `Use one of: ${TASKS.join(", ")}.`);
		}
		await ensurePackages();
		const { run } = await import(`./tasks/${task}.mjs`);
		await run(args);
	}),
);
