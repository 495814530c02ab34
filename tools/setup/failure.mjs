/** What the set-up can't do, told to whoever started it without a stack trace. */
export class SetupFailure extends Error {
	/**
	 * @param {string} what
	 * @param {string} remedy
	 */
	constructor(what, remedy) {
		super(`${what}\n${remedy}`);
	}
}

/** Runs `main`; a SetupFailure becomes its message and exit code 1. */
export async function reportingFailures(main) {
	try {
		await main();
	} catch (error) {
		process.stderr.write(`${error instanceof SetupFailure ? error.message : error.stack}\n`);
		process.exitCode = 1;
	}
}
