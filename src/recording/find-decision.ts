import { type DecidedCommand, decidedCommands } from "./decided-commands.ts";
import { fieldsOf, textOf } from "./fields.ts";
import { readUnverified } from "./read-events.ts";

/**
 * The decision with this id: of a command, of a session's start, or of an action in the control plane; undefined when
 * the record holds none. It takes time in proportion to the record's size. Throws `record_unreadable`.
 */
export async function findDecision(directory: string, id: string): Promise<DecidedCommand | undefined> {
	for await (const command of decidedCommands(directory, { id })) return command;
	const needle = Buffer.from(`"decision_id":${JSON.stringify(id)}`);
	for await (const { type, time, session, fields } of readUnverified(directory, ({ bytes }) =>
		bytes.includes(needle),
	)) {
		if ((type !== "session_start" && type !== "admin") || textOf(fields, "decision_id") !== id) continue;
		return {
			id,
			session: session ?? "",
			time,
			stage: "execute",
			text: null,
			principal: fieldsOf(fields, "principal"),
			connection: fieldsOf(fields, "connection"),
			decision: fieldsOf(fields, "decision"),
			input: "no_command",
		};
	}
	return undefined;
}
