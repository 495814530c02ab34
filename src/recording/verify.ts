import { readdir, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { RecordingError } from "./errors.ts";
import { parseFileName } from "./format.ts";
import { publicKeyId, readPublicKey } from "./key.ts";
import { printable } from "./printable.ts";
import { type Anchor, Findings, fileplace, type Verification, type VerifyOptions } from "./verification.ts";
import { checkLinks, wantedOf } from "./verify-links.ts";
import { LogCheck, type LogReport, readPrevious } from "./verify-log.ts";

/**
 * Verifies a record's directory, or one of its files, from nothing but the files and the public key. Reads only.
 *
 * Without `publicKey` the key is taken from the record itself, which shows changes made by somebody without the
 * key, but not a record that was signed anew with another: `keyTrusted` is false then. `known` are checkpoints
 * that were kept elsewhere (the operator's log has each); what they cover must still be there. What can't be seen
 * even so is in the header of `journal.ts`.
 *
 * Throws RecordingError: `record_unreadable`, `record_key_unusable`.
 */
export async function verifyRecord(path: string, options: VerifyOptions = {}): Promise<Verification> {
	const trusted = options.publicKey === undefined ? undefined : readPublicKey(options.publicKey);
	const findings = new Findings();
	try {
		const { directory, names, single } = await list(path);
		const logs = byLog(names, findings);
		const known = options.known ?? [];
		const previous = new Map<string, Anchor | null | undefined>();
		if (!single)
			for (const [log, numbers] of logs)
				if (numbers[0] === 1) previous.set(log, await readPrevious(directory, log));
		const reports: LogReport[] = [];
		for (const [log, numbers] of logs) {
			const key = trusted ?? reports.find((report) => report.key !== undefined)?.key;
			const wanted = wantedOf(log, previous, known);
			const check = new LogCheck(log, single ? (numbers[0] ?? 1) : 1, findings, {
				directory,
				key,
				wanted,
				single,
			});
			reports.push(await check.run(numbers));
		}
		if (single)
			findings.note(
				"single_file",
				fileplace(basename(path)),
				"only this file was verified, not what links it to others",
			);
		else checkLinks(reports, previous, known, findings);
		return summary(findings, reports, trusted !== undefined);
	} catch (error) {
		if (error instanceof RecordingError) throw error;
		throw new RecordingError("record_unreadable", undefined, { operator: String(error), cause: error });
	}
}

async function list(path: string): Promise<{ directory: string; names: string[]; single: boolean }> {
	if ((await stat(path)).isDirectory()) return { directory: path, names: await readdir(path), single: false };
	if (parseFileName(basename(path)) === undefined)
		throw new Error(`${path} doesn't have the name of a record's file`);
	return { directory: dirname(path), names: [basename(path)], single: true };
}

/** The files' numbers by log, both in order. A log of a name that the gateway doesn't give is a problem. */
function byLog(names: readonly string[], findings: Findings): Map<string, number[]> {
	const logs = new Map<string, number[]>();
	for (const name of [...names].sort()) {
		const named = parseFileName(name);
		if (named === undefined)
			findings.problem("foreign_file", fileplace(name), `${printable(name)} is not a file of the record`);
		else logs.set(named.log, [...(logs.get(named.log) ?? []), named.number]);
	}
	if (logs.size === 0) findings.problem("log_missing", fileplace(""), "there is no log here");
	return logs;
}

function summary(findings: Findings, reports: readonly LogReport[], keyTrusted: boolean): Verification {
	const sum = (of: (report: LogReport) => number) => reports.reduce((total, report) => total + of(report), 0);
	const key = reports.find((report) => report.key !== undefined)?.key;
	return {
		ok: findings.problems.length === 0,
		problems: findings.problems,
		omitted: findings.omitted,
		notes: findings.notes,
		logs: reports.length,
		files: sum((report) => report.files),
		events: sum((report) => report.events),
		sessions: sum((report) => report.sessions),
		checkpoints: sum((report) => report.checkpoints),
		keyId: key === undefined ? null : publicKeyId(key),
		keyTrusted,
	};
}
