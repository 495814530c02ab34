import type { RecordedCommand } from "../policy/index.ts";
import { type DecidedQuery, decidedCommands } from "./decided-commands.ts";
import { textOf } from "./fields.ts";

/** A record's decided commands as a replay through other policies takes them. Throws `record_unreadable`. */
export async function* recordedCommands(
	directory: string,
	query: DecidedQuery = {},
): AsyncGenerator<RecordedCommand> {
	for await (const command of decidedCommands(directory, query)) {
		const { id, session, time, text, principal, connection, decision, input } = command;
		yield {
			id,
			session,
			time,
			principal: `${textOf(principal, "provider") ?? "?"}/${textOf(principal, "subject") ?? "?"}`,
			connection: textOf(connection, "name") ?? "?",
			text: text ?? "",
			input,
			recorded: {
				...decision,
				action: textOf(decision, "action") ?? "",
				revision: textOf(decision, "revision") ?? "",
			},
		};
	}
}
