import type { InputParts } from "../policy/index.ts";
import { asFields, type Fields, fieldsOf, listOf, numberOf, textOf } from "./fields.ts";
import { readUnverified } from "./read-events.ts";
import type { FileLine } from "./read-lines.ts";

/** A command of the record with its decision. */
export interface DecidedCommand {
	/** The decision's id. */
	readonly id: string;
	readonly session: string;
	readonly time: string;
	readonly stage: "parse" | "execute";
	/** Null where it was not kept. */
	readonly text: string | null;
	/** `principal` and `connection` as they were recorded with the session; empty where that was not found. */
	readonly principal: Fields;
	readonly connection: Fields;
	/** As it was recorded: `action`, `revision`, `reasons`, `masks`, `limits`, `record`, `cost`. */
	readonly decision: Fields;
	/** What the policy was asked, exactly; or why the record can't tell. */
	readonly input: InputParts | MissingInput;
}

/**
 * Why an input can't be had again: `never_asked` (ROLLBACK and its like, and what failed before the policy was
 * asked), `withheld` (the record level, or a password in the text), `cut` (longer than `max_command_bytes`),
 * `not_recorded` (the session's start or the analysis is in no file that is here), `no_command` (the decision is about
 * a session's start or an action in the control plane).
 */
export type MissingInput = "no_command" | "never_asked" | "withheld" | "cut" | "not_recorded";

export interface DecidedQuery {
	/** Milliseconds since the epoch: at or after, and before. */
	readonly since?: number;
	readonly until?: number;
	/** Names of connections; absent or empty: all. */
	readonly connections?: readonly string[];
	/** Only the command with this decision id. */
	readonly id?: string;
}

interface Who {
	principal: Fields;
	connection: Fields;
	json: string;
}

/** The decided commands of a record, oldest first. Throws `record_unreadable`. */
export async function* decidedCommands(
	directory: string,
	query: DecidedQuery = {},
): AsyncGenerator<DecidedCommand> {
	const sessions = new Map<string, Who>();
	const meanings = new Map<string, string>();
	const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = query;
	const connections = new Set(query.connections);
	for await (const event of readUnverified(directory, wantedLines(query.id))) {
		const { fields, session } = event;
		if (event.type === "analysis") {
			meanings.set(textOf(fields, "digest") ?? "", JSON.stringify(fieldsOf(fields, "command")).slice(0, -1));
		} else if (session === null) {
			// what belongs to no session is no command
		} else if (event.type === "session_start") {
			sessions.set(session, whoOf(fields));
		} else if (event.type === "session_context") {
			const known = sessions.get(session);
			if (known !== undefined)
				sessions.set(session, { ...known, json: whoJson(known, fieldsOf(fields, "context")) });
		} else if (event.type === "session_end") {
			sessions.delete(session);
		} else if (event.type === "command") {
			const at = numberOf(fields, "decided_at") ?? Date.parse(event.time);
			if (at < since || at >= until) continue;
			const id = textOf(fields, "id") ?? "";
			if (query.id !== undefined && query.id !== id) continue;
			const who = sessions.get(session);
			if (connections.size > 0 && !connections.has(textOf(who?.connection ?? {}, "name") ?? "")) continue;
			yield {
				id,
				session,
				time: event.time,
				stage: textOf(fields, "stage") === "parse" ? "parse" : "execute",
				text: textOf(fields, "text"),
				principal: who?.principal ?? {},
				connection: who?.connection ?? {},
				decision: fieldsOf(fields, "decision"),
				input: inputOf(fields, at, who, meanings),
			};
			if (query.id !== undefined) return;
		}
	}
}

/** Lines are chosen by their bytes before they are parsed: most are outcomes and rows. */
function wantedLines(id: string | undefined): (line: FileLine) => boolean {
	const always = ["session_start", "session_context", "session_end", "analysis"];
	const command = Buffer.from(
		id === undefined ? '"type":"command",' : `"type":"command","id":${JSON.stringify(id)}`,
	);
	const needles = [command, ...always.map((type) => Buffer.from(`"type":"${type}",`))];
	// The type stands behind sequence, time, session and chain, which take less than this.
	const HEAD = 512;
	return ({ bytes }) => {
		const head = bytes.length > HEAD ? bytes.subarray(0, HEAD) : bytes;
		return needles.some((needle) => head.includes(needle));
	};
}

function whoOf(fields: Fields): Who {
	const who = { principal: fieldsOf(fields, "principal"), connection: fieldsOf(fields, "connection") };
	return { ...who, json: whoJson(who, fieldsOf(fields, "context")) };
}

function whoJson({ principal, connection }: Pick<Who, "principal" | "connection">, session: Fields): string {
	return JSON.stringify({ principal, connection, session }).slice(0, -1);
}

function inputOf(
	fields: Fields,
	at: number,
	who: Who | undefined,
	meanings: ReadonlyMap<string, string>,
): InputParts | MissingInput {
	if (textOf(fieldsOf(fields, "decision"), "revision") === "") return "never_asked";
	const text = textOf(fields, "text");
	if (text === null || fields["text_redacted"] === true) return "withheld";
	if (fields["text_truncated"] === true) return "cut";
	const parameters = fields["parameters"];
	if ((numberOf(fields, "parameter_count") ?? 0) > 0 && parameters === null) return "withheld";
	if (textOf(fields, "parameters_digest") !== null) return "cut";
	const meaning = meanings.get(textOf(fields, "analysis") ?? "");
	if (who === undefined || meaning === undefined) return "not_recorded";
	const stage = textOf(fields, "stage") === "parse" ? "parse" : "execute";
	return {
		who: who.json,
		meaning,
		text,
		stage,
		parameters: stage === "parse" ? "null" : JSON.stringify(parameters),
		approvals: JSON.stringify(listOf(fields, "approvals").map(asFields)),
		at,
	};
}
