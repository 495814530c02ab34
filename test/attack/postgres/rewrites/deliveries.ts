import {
	bind,
	COPY_DONE,
	copyData,
	describe,
	execute,
	FLUSH,
	parse,
	query,
	SYNC,
} from "../../../support/wire-messages.ts";

/** Messages that are sent in one write, and how many ReadyForQuery they are answered with. */
export interface Write {
	readonly messages: readonly Buffer[];
	readonly ready: number;
}

/** What a COPY FROM STDIN is fed with; elsewhere both sides drop it. */
const DATA = [copyData("9\tx\n"), COPY_DONE];

const one = (...messages: Buffer[]): Write => ({ messages, ready: 1 });
const simple = (text: string): Write => one(query(text), ...DATA);
const extended = (text: string, name = ""): Write =>
	one(parse(text, name), bind(name), describe.portal(), execute(), ...DATA, SYNC);

/** Ways to have one statement run, named for whoever reads a failure. */
export const DELIVERIES: Readonly<Record<string, (text: string) => readonly Write[]>> = {
	"simple query": (text) => [simple(text)],
	"extended protocol": (text) => [extended(text)],
	"a named statement that is bound in a later batch": (text) => [
		one(parse(text, "n"), SYNC),
		one(bind("n", "", [], [1]), execute(), ...DATA, SYNC),
	],
	"behind another statement of the same text": (text) => [simple(`SELECT 1; ${text}`)],
	"before another statement of the same text": (text) => [simple(`${text}\n; SELECT 1`)],
	"in a block of the same text": (text) => [simple(`BEGIN; ${text}\n; COMMIT`)],
	"in a block that is opened before": (text) => [one(query("BEGIN")), simple(text), one(query("COMMIT"))],
	"behind a savepoint that was rolled back to": (text) => [
		...[one(query("BEGIN")), one(query("SAVEPOINT z")), one(query("SELECT 1/0"))],
		...[one(query("ROLLBACK TO z")), simple(text), one(query("ROLLBACK"))],
	],
	"behind a block that has failed": (text) => [
		...[one(query("BEGIN")), one(query("SELECT 1/0")), simple(`ROLLBACK; ${text}`), simple(text)],
	],
	"in the middle of a pipeline": (text) => [
		{
			messages: [
				...[parse("SELECT 1"), bind(), execute(), parse(text), bind(), execute(), ...DATA],
				...[parse("SELECT 2"), bind(), execute(), SYNC, query("SELECT 3")],
			],
			ready: 2,
		},
	],
	"behind what is denied": (text) => [
		{ messages: [query("TABLE vault.secrets"), query(text), ...DATA], ready: 2 },
	],
	"behind a batch that failed": (text) => [
		{
			messages: [parse("SELECT 1/0"), bind(), execute(), SYNC, parse(text), bind(), execute(), ...DATA, SYNC],
			ready: 2,
		},
	],
	"flushed and not synced": (text) => [
		one(parse(text), bind(), execute(), ...DATA, FLUSH, execute(), SYNC),
		one(query("COMMIT")),
	],
	"a row at a time": (text) => [
		one(parse(text), bind("", "w"), execute("w", 1), execute("w", 1), ...DATA, SYNC),
	],
	"a statement of the wire that SQL runs": (text) => [one(parse(text, "w"), SYNC), simple("EXECUTE w")],
	"a portal of the wire that SQL fetches from": (text) => [
		one(query("BEGIN")),
		one(parse(text), bind("", "w"), SYNC),
		one(query("FETCH ALL FROM w")),
		one(query("ROLLBACK")),
	],
	"PREPARE and EXECUTE": (text) => [one(query(`PREPARE q AS ${text}`)), one(query("EXECUTE q"))],
	"a prepared PREPARE": (text) => [extended(`PREPARE q AS ${text}`), extended("EXECUTE q")],
	"EXPLAIN ANALYZE": (text) => [simple(`EXPLAIN ANALYZE ${text}`)],
	"a statement that had another meaning before": (text) => [
		...[
			one(parse("SELECT 1", "n"), SYNC),
			one(parse("SELECT 1/0"), bind(), execute(), parse(text, "n"), SYNC),
		],
		...[one(parse("SELECT 2"), SYNC), extended(text), one(bind("n"), execute(), SYNC)],
	],
};

/** The statements of one attempt: the last is delivered in that way, those before it by simple queries. */
export function deliver(texts: readonly string[], how: string): readonly Write[] {
	const last = texts.at(-1) ?? "";
	return [...texts.slice(0, -1).map(simple), ...(DELIVERIES[how]?.(last) ?? [])];
}
