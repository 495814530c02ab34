import { parseArgs } from "node:util";
import { printSample, printVerdict } from "./postgres/report.ts";
import { soakPostgres } from "./postgres/soak.ts";

/** `npm run soak -- postgres [--minutes 10] [--sessions 500]`: exits with 0 only if nothing was found. */
const { positionals, values } = parseArgs({
	allowPositionals: true,
	options: {
		minutes: { type: "string", default: "10" },
		sessions: { type: "string", default: "500" },
	},
});
const minutes = Number(values.minutes);
const sessions = Number(values.sessions);
if (positionals.join() !== "postgres" || !(minutes > 0) || !(sessions >= 1)) {
	console.error("usage: npm run soak -- postgres [--minutes 10] [--sessions 500]");
	process.exitCode = 2;
} else {
	const verdict = await soakPostgres({ sessions, seconds: minutes * 60, onSample: printSample });
	printVerdict(verdict);
	if (verdict.findings.length > 0) process.exitCode = 1;
}
