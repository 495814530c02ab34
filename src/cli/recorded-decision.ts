import type { RecordedDecision } from "./answers.ts";
import { localTime } from "./terminal.ts";

const MISSING: Readonly<Record<string, string>> = {
	no_command: "it is the start of a session, or an action in the control plane",
	never_asked: "the policy was not asked about it",
	withheld: "the record keeps its text back",
	cut: "the record kept a part of it only",
	not_recorded: "its session or analysis is not in the record's files",
};

/** A recorded decision for people: whose, on what, and why. */
export function recordedFacts(recorded: RecordedDecision): [string, string | null][] {
	const { id, session, time, principal, connection, text, missing } = recorded;
	const { action, revision, reasons } = recorded.recorded;
	return [
		["decision", id],
		["time", localTime(time)],
		["session", session || null],
		["who", connection === "" ? principal : `${principal} on ${connection}`],
		["command", missing === "no_command" ? null : (text ?? "(not kept)")],
		["action", revision === "" ? action : `${action} by revision ${revision}`],
		[
			"because",
			reasons
				.map(({ rule, message, remedy }) => `${rule}: ${message}${remedy === null ? "" : ` (${remedy})`}`)
				.join("\n") || null,
		],
		["no input", missing === null ? null : (MISSING[missing] ?? missing)],
	];
}
