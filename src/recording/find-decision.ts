import { type DecidedCommand, decidedCommands } from "./decided-commands.ts";

/**
 * The command with this decision id, undefined when the record holds none. It takes time in proportion to the record's
 * size. Throws `record_unreadable`.
 */
export async function findDecision(directory: string, id: string): Promise<DecidedCommand | undefined> {
	for await (const command of decidedCommands(directory, { id })) return command;
	return undefined;
}
