#!/usr/bin/env node
/**
 * The command `sallyport`: runs the built program. In a checkout it first brings what is missing, as `npm test` does;
 * an installed package has everything but, perhaps, the right Node. Plain JavaScript for Node 18 and up.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ensureBuilt } from "./setup/build.mjs";
import { reportingFailures, SetupFailure } from "./setup/failure.mjs";
import { OLDEST_NODE, runsProduct, withRightNode } from "./setup/node.mjs";
import { ensurePackages } from "./setup/packages.mjs";
import { ROOT } from "./setup/places.mjs";

const isCheckout = existsSync(join(ROOT, "src", "main.ts"));

const runProgram = () => import(pathToFileURL(join(ROOT, "dist", "cli", "main.js")).href);

await reportingFailures(() => {
	if (isCheckout) {
		return withRightNode(fileURLToPath(import.meta.url), async () => {
			await ensurePackages();
			await ensureBuilt();
			await runProgram();
		});
	}
	if (!runsProduct()) {
		throw new SetupFailure(
			`sallyport needs Node ${OLDEST_NODE} or newer; this is ${process.version}.`,
			"Install Node 24 (https://nodejs.org).",
		);
	}
	return runProgram();
});
