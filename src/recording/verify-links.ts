import { fileName } from "./format.ts";
import { printable } from "./printable.ts";
import { type Anchor, type Findings, fileplace } from "./verification.ts";
import type { LogReport } from "./verify-log.ts";

/** What each log's first header says of the log before; undefined where it can't be read. */
export type Previous = ReadonlyMap<string, Anchor | null | undefined>;

/** The sequences of a log that others name. */
export function wantedOf(log: string, previous: Previous, known: readonly Anchor[]): Set<number> {
	const named = [...previous.values(), ...known];
	return new Set(named.flatMap((anchor) => (anchor?.log === log ? [anchor.seq] : [])));
}

/** Holds the logs against one another, and against checkpoints that were kept elsewhere. */
export function checkLinks(
	reports: readonly LogReport[],
	previous: Previous,
	known: readonly Anchor[],
	findings: Findings,
): void {
	const byLog = new Map(reports.map((report) => [report.log, report]));
	const pinned = new Map<string, number>();
	reports.forEach((report, index) => {
		const place = { ...fileplace(fileName(report.log, 1)), line: 1, offset: 0, seq: 1 };
		const anchor = previous.get(report.log);
		if (anchor === null && index > 0) {
			findings.problem("log_missing", place, "this log names no log before it, though there are older ones");
		}
		if (anchor === null || anchor === undefined) return;
		pinned.set(anchor.log, Math.max(anchor.seq, pinned.get(anchor.log) ?? 0));
		check(anchor, byLog.get(anchor.log), `log ${report.log}, which was begun after it,`, findings);
	});
	for (const anchor of known)
		check(anchor, byLog.get(anchor.log), "a checkpoint that was kept elsewhere", findings);
	for (const report of reports) checkTail(report, pinned.get(report.log), findings);
}

function check(anchor: Anchor, report: LogReport | undefined, witness: string, findings: Findings): void {
	if (report === undefined) {
		const message = `log ${printable(anchor.log)} is missing, of which ${witness} says that it had ${anchor.seq} events`;
		findings.problem("log_missing", fileplace(fileName(anchor.log, 1)), message);
		return;
	}
	const found = report.hashes.get(anchor.seq);
	if (found === anchor.hash) return;
	const what = found === undefined ? `is missing: the log ends at ${report.lastSeq}` : "is another";
	findings.problem(
		"cut",
		{ ...report.end, seq: anchor.seq, session: null },
		`event ${anchor.seq} ${what}; ${witness} names it`,
	);
}

/** Once another log was begun, nothing was to be added to this one but by a process that signs. */
function checkTail(report: LogReport, pinnedSeq: number | undefined, findings: Findings): void {
	if (pinnedSeq === undefined) return;
	const covered = Math.max(pinnedSeq, report.signedSeq);
	if (report.lastSeq <= covered) return;
	const message = `events ${covered + 1} to ${report.lastSeq} came after the next log was begun, and no checkpoint covers them`;
	findings.problem("unsigned_tail", report.end, message);
}
