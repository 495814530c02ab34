import { reportingFailures } from "../tools/setup/failure.mjs";
import { compare } from "./compare.ts";
import { listedDifferences } from "./listed.ts";
import { POSTGRES_SUITES } from "./postgres/index.ts";
import { meter } from "./progress.ts";
import { type Row, report } from "./report.ts";
import type { Suite } from "./suite.ts";

/**
 * `npm run conformance -- PROTOCOL [SUITE...]`: other people's own tests of a target, run against the server and
 * through the gateway. Exit code 1 when they differ in anything that `docs/` does not list.
 */
const PROTOCOLS: Readonly<Record<string, readonly Suite[]>> = { postgres: POSTGRES_SUITES };

async function main([protocol = "", ...names]: readonly string[]): Promise<void> {
	const suites = PROTOCOLS[protocol];
	const unknown = names.find((name) => !suites?.some((suite) => suite.name === name));
	if (suites === undefined || unknown !== undefined) {
		const known = suites?.map(({ name }) => name).join("|") ?? "SUITE";
		console.error(`usage: npm run conformance -- ${Object.keys(PROTOCOLS).join("|")} [${known} ...]`);
		process.exitCode = 2;
		return;
	}
	const chosen = suites.filter(({ name }) => names.length === 0 || names.includes(name));
	const rows: Row[] = [];
	for (const suite of chosen) rows.push(await conduct(suite));
	console.log(report(rows));
	if (rows.some(({ unlisted }) => unlisted.length > 0)) process.exitCode = 1;
}

async function conduct(suite: Suite): Promise<Row> {
	await suite.prepare();
	const direct = await meter(`${suite.name}, direct`, (progress) => suite.run("direct", progress));
	const through = await meter(`${suite.name}, through Sallyport`, (progress) =>
		suite.run("through", progress),
	);
	const isListed = listedDifferences();
	const differences = await compare(direct, through);
	return {
		suite: suite.name,
		direct,
		through,
		listed: differences.filter((difference) => isListed(suite.name, difference)),
		unlisted: differences.filter((difference) => !isListed(suite.name, difference)),
	};
}

// Scratch is removed on exit, which a signal alone would not be.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));
await reportingFailures(() => main(process.argv.slice(2)));
