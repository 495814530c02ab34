import { type DecisionRecord, sessionEvents } from "../../recording/index.ts";
import type { ShownDecision } from "../output/narrator.ts";

/** The last decision on a text in a session, from the record. */
export async function lastDecision(
	recordDirectory: string,
	session: string,
	text: string,
): Promise<ShownDecision> {
	let found: DecisionRecord | undefined;
	for await (const { type, fields } of sessionEvents(recordDirectory, session)) {
		if (type === "command" && fields["text"] === text) found = fields["decision"] as DecisionRecord;
	}
	if (found === undefined) throw new Error(`the record holds no decision on: ${text}`);
	const { action, revision, reasons, masks } = found;
	return {
		...{ action, revision, reasons },
		masks: action === "mask" ? [...new Set(masks.map(({ rule }) => rule))] : [],
	};
}
