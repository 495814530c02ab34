import { asFields, type Fields, fieldsOf, listOf, numberOf, textOf } from "./fields.ts";
import { printable, printableLines } from "./printable.ts";
import { type ReadEvent, sessionEvents } from "./read-events.ts";
import { table } from "./table.ts";

/** One thing that happened in a session. */
export interface ReplayStep {
	/** Milliseconds since the session's start. */
	readonly at: number;
	/** Milliseconds since the step before. */
	readonly gap: number;
	readonly event: ReadEvent;
	/** For a terminal: nothing in them acts on it. The first says what happened. */
	readonly lines: readonly string[];
}

/**
 * A session as it went: each command's text and parameters, its decision, its masked rows, its outcome. A line whose
 * hash doesn't fit is marked. Throws `record_session_unknown`, `record_unreadable`.
 */
export function replay(directory: string, session: string): AsyncGenerator<ReplayStep> {
	return steps(sessionEvents(directory, session));
}

/** The same of events of one session that come from elsewhere. */
export async function* steps(events: AsyncIterable<ReadEvent>): AsyncGenerator<ReplayStep> {
	let start: number | undefined;
	let last = 0;
	for await (const event of events) {
		const time = Date.parse(event.time);
		start ??= time;
		const at = time - start;
		const lines = describe(event);
		if (!event.intact) lines.unshift("! this event was edited after it was written");
		yield { at, gap: Math.max(0, at - last), event, lines };
		last = at;
	}
}

function describe(event: ReadEvent): string[] {
	const { fields } = event;
	const say = (name: string) => printable(textOf(fields, name) ?? "");
	switch (event.type) {
		case "session_start":
			return [sessionStart(fields), ...decision(fieldsOf(fields, "decision"))];
		case "session_context":
			return [sessionContext(fieldsOf(fields, "context"))];
		case "command":
			return command(fields);
		case "approval":
			return [approval(fields)];
		case "forwarded":
			return ["forwarded"];
		case "outcome":
			return [outcome(fields)];
		case "rows":
			return rows(fields);
		case "error":
			return [`error ${say("code")}: ${say("message")}`];
		case "session_end":
			return [`session ended: ${[say("reason"), say("message")].filter((part) => part !== "").join(", ")}`];
		default:
			return [printable(event.type)];
	}
}

function sessionStart(fields: Fields): string {
	const principal = fieldsOf(fields, "principal");
	const connection = fieldsOf(fields, "connection");
	const who = `${textOf(principal, "subject")} (${textOf(principal, "kind")}, ${textOf(principal, "provider")})`;
	const from = textOf(fieldsOf(fields, "context"), "client_address");
	return printable(
		`${who} on ${textOf(connection, "name")}, database ${textOf(fields, "database")}, from ${from}`,
	);
}

/** What the client says of itself, once it has changed. */
function sessionContext(context: Fields): string {
	const reason = textOf(context, "reason") ?? "";
	const application = textOf(context, "client_application") ?? "";
	const said = [
		application === "" ? "" : `application ${application}`,
		reason === "" ? "" : `reason ${reason}`,
	];
	return printable(
		`the client says: ${said.filter((part) => part !== "").join(", ") || "nothing of itself"}`,
	);
}

function command(fields: Fields): string[] {
	const text = textOf(fields, "text");
	const bytes = numberOf(fields, "text_bytes") ?? 0;
	const shown = text === null ? [`(${bytes} bytes of text, not kept)`] : printableLines(text);
	if (fields["text_truncated"] === true) shown.push(`(cut: ${bytes} bytes in all)`);
	const values = listOf(fields, "parameters").map((parameter, index) => {
		const value = textOf(asFields(parameter), "value");
		return `  $${index + 1} = ${value === null ? "null" : printable(JSON.stringify(value))}`;
	});
	const stage = textOf(fields, "stage") === "parse" ? ["  (prepared)"] : [];
	return [...shown, ...values, ...stage, ...decision(fieldsOf(fields, "decision"))];
}

function decision(fields: Fields): string[] {
	const revision = textOf(fields, "revision") ?? "";
	const by = revision === "" ? "whatever the policy says" : `revision ${revision}`;
	const head = `  ${textOf(fields, "action")} (${by})`;
	const reasons = listOf(fields, "reasons").map((reason) => {
		const rule = textOf(asFields(reason), "rule");
		const message = textOf(asFields(reason), "message");
		return rule === message ? `    ${rule}` : `    ${rule}: ${message}`;
	});
	return [head, ...reasons].map(printable);
}

function approval(fields: Fields): string {
	const by = textOf(fieldsOf(fields, "by"), "subject");
	const reason = textOf(fields, "reason");
	const rule = textOf(fieldsOf(fields, "requirement"), "rule");
	const who = by === null ? "" : ` by ${by}`;
	return printable(
		`approval ${textOf(fields, "state")}${who} for ${rule}${reason === null ? "" : `: ${reason}`}`,
	);
}

function outcome(fields: Fields): string {
	const parts = [textOf(fields, "status"), textOf(fields, "tag"), textOf(fields, "sqlstate")];
	const took = `${((numberOf(fields, "duration_us") ?? 0) / 1000).toFixed(1)} ms`;
	const size = `${numberOf(fields, "rows") ?? 0} rows, ${numberOf(fields, "bytes") ?? 0} bytes`;
	return printable([...parts.filter((part) => part !== null), size, took].join(", "));
}

function rows(fields: Fields): string[] {
	const header = listOf(fields, "columns").map((name) => (typeof name === "string" ? name : "?"));
	const body = listOf(fields, "rows").map((row) => (Array.isArray(row) ? row : []));
	const lines = table(header, body);
	if (fields["truncated"] === true) lines.push("(further rows were not kept)");
	return lines;
}
