import { randomBytes } from "node:crypto";
import { parseSearchPath } from "../catalog/index.ts";
import { encodeBind, encodeClose, encodeExecute, encodeParse } from "../codec/index.ts";
import { RowCollector } from "./own-queries.ts";
import type { Expected } from "./pipeline.ts";
import { PINNED_AT_STARTUP } from "./settings.ts";

/** Off, as pg_dump sets it, the client's statements would fail where they filter rows. */
const UNLESS_ASKED = { row_security: "on" };

/** What goes before each transaction, and what the server answers to it. */
export interface Pin {
	readonly messages: Buffer;
	readonly expected: readonly Expected[];
}

/**
 * The state of a session that a pooler gives another server process for each transaction: set anew at the beginning of
 * each, for that transaction only, so that it is what the gateway takes it for whatever others left there. SET LOCAL and
 * not `set_config`, because a query would take the snapshot before the client can choose an isolation level.
 * @param settings of the session, the search path among them as SHOW has it
 * @param failed the server refused one of them: nothing of the session may go on
 */
export function makePin(settings: Readonly<Record<string, string>>, failed: () => void): Pin {
	const texts = [
		"SET LOCAL SESSION AUTHORIZATION DEFAULT",
		"SET LOCAL ROLE NONE",
		...Object.entries({ ...UNLESS_ASKED, ...settings, ...PINNED_AT_STARTUP }).map(([name, value]) =>
			setLocal(name, value),
		),
	];
	// Named, so that the client's unnamed statement stays where it is; closed, so that nobody else meets it.
	const name = `sallyport ${randomBytes(16).toString("hex")}`;
	const hidden = { visible: false, failed } as const;
	const messages: Buffer[] = [];
	const expected: Expected[] = [];
	for (const text of texts) {
		messages.push(
			encodeParse(name, text),
			encodeBind({ portal: name, statement: name }),
			encodeExecute(name),
		);
		messages.push(encodeClose("portal", name), encodeClose("statement", name));
		expected.push({ kind: "parse", ...hidden }, { kind: "bind", ...hidden });
		expected.push({ kind: "execute", ...hidden, collect: new RowCollector() });
		expected.push({ kind: "close", visible: false }, { kind: "close", visible: false });
	}
	return { messages: Buffer.concat(messages), expected };
}

function setLocal(name: string, value: string): string {
	const values = name === "search_path" ? withTemporaryLast(value) : [value];
	return `SET LOCAL ${name} = ${values.map(literal).join(", ")}`;
}

/**
 * Temporary objects that others left on the server process are looked at last: without being named they come first.
 */
function withTemporaryLast(searchPath: string): readonly string[] {
	return [...parseSearchPath(searchPath).filter((schema) => schema !== "pg_temp"), "pg_temp"];
}

function literal(text: string): string {
	return `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
