import { type Anchor, type Verification, verifyRecord } from "../../../recording/index.ts";
import type { AddCommand } from "../../context.ts";
import { CliError } from "../../errors.ts";
import { readText } from "../../files.ts";

interface Options {
	readonly publicKey?: string;
	readonly known?: string;
	readonly json?: true;
}

/** Verifies a record offline. Exit code 1 when anything of it was changed. */
export const auditVerify: AddCommand = (parent, { terminal, setExitCode }) => {
	parent
		.command("verify [path]")
		.description(
			"verify a record's directory or one of its files, trusting nobody (default: .sallyport/record)",
		)
		.option("--public-key <file>", "PEM file with the record's key, kept elsewhere than the record")
		.option("--known <file>", "checkpoints that were kept elsewhere, a JSON object {log, seq, hash} a line")
		.option("--json", "as JSON")
		.action(async (path: string | undefined, options: Options) => {
			const { publicKey, known, json } = options;
			const verifying = verifyRecord(path ?? ".sallyport/record", {
				...(publicKey === undefined ? {} : { publicKey: await readText(publicKey) }),
				...(known === undefined ? {} : { known: await readAnchors(known) }),
			});
			const verification = await terminal.during("verifying", verifying);
			if (json) terminal.json(verification);
			else {
				for (const line of summary(verification)) terminal.line(line);
			}
			if (!verification.ok) setExitCode(1);
		});
};

function summary(found: Verification): string[] {
	const place = ({ file, line }: { file: string; line: number | null }) =>
		line === null ? file : `${file}:${line}`;
	const counts = `${found.events} events of ${found.sessions} sessions in ${found.files} files, ${found.checkpoints} signed checkpoints`;
	return [
		...found.problems.map((problem) => `${place(problem)}: ${problem.message} (${problem.code})`),
		...(found.omitted > 0 ? [`and ${found.omitted} problems more`] : []),
		...found.notes.map((note) => `${place(note)}: note: ${note.message} (${note.code})`),
		`${found.ok ? "ok" : "NOT intact"}: ${counts}`,
		keyLine(found),
	];
}

function keyLine({ keyId, keyTrusted }: Verification): string {
	if (keyId === null) return "no key: no signature could be checked";
	if (keyTrusted) return `key ${keyId}`;
	return `key ${keyId}, taken from the record itself: give --public-key to know that nobody signed it anew`;
}

async function readAnchors(path: string): Promise<Anchor[]> {
	const lines = (await readText(path)).split("\n").filter((line) => line.trim() !== "");
	return lines.map((line, at) => {
		try {
			const { log, seq, hash } = JSON.parse(line) as Partial<Anchor>;
			if (typeof log === "string" && typeof seq === "number" && typeof hash === "string")
				return { log, seq, hash };
		} catch {
			// Reported below, like a line of another form.
		}
		throw new CliError("file_invalid", `${path}:${at + 1} is not a checkpoint {log, seq, hash}.`);
	});
}
