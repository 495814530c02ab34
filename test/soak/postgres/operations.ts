import { setTimeout as sleep } from "node:timers/promises";
import { errorOf, outline, type Received, rows, type WireClient } from "../../support/wire-client.ts";
import {
	bind,
	COPY_DONE,
	close,
	copyData,
	execute,
	parse,
	query,
	run,
	SYNC,
} from "../../support/wire-messages.ts";
import { Finding, type Tally } from "./tally.ts";

/** One client's connection, and what it alone may see. */
export interface Life {
	readonly client: WireClient;
	/** In every value that the session asks for. */
	readonly marker: string;
	readonly tally: Tally;
	/** Another session's key, whose secret is not known: cancelling with it must do nothing. */
	othersKey(): { readonly processId: number; readonly secret: Buffer } | null;
	/** The server's process behind it. */
	pid: string;
}

type Operation = (life: Life, nonce: string) => Promise<void>;

/** The table that sessions write to, each to rows of its own. */
export const SCHEMA = "CREATE TABLE soak (marker text, nonce text); CREATE INDEX ON soak (marker)";

const simple: Operation = async ({ client, marker }, nonce) => {
	const answer = await client.ask([query(`SELECT '${marker}' AS marker, '${nonce}'`)]);
	same(answer, [[marker, nonce]], "T D C(SELECT 1) ZI");
};

const prepared: Operation = async ({ client, marker }, nonce) => {
	const answer = await client.ask([
		parse("SELECT $1::text, $2::text", "soak"),
		bind("soak", "", [marker, nonce]),
		execute(),
		close.statement("soak"),
		SYNC,
	]);
	same(answer, [[marker, nonce]], "1 2 D C(SELECT 1) 3 ZI");
};

const pipelined: Operation = async ({ client, marker }, nonce) => {
	const nonces = Array.from({ length: 5 }, (_, at) => `${nonce}.${at}`);
	const messages = nonces.flatMap((each) => [...run("SELECT $1::text, $2::text", [marker, each]), SYNC]);
	const answer = await client.ask(messages, nonces.length);
	same(
		answer,
		nonces.map((each) => [marker, each]),
		nonces.map(() => "1 2 D C(SELECT 1) ZI").join(" "),
	);
};

const written: Operation = async ({ client, marker }, nonce) => {
	await client.ask([query("BEGIN")]);
	await client.ask([...run("INSERT INTO soak VALUES ($1, $2)", [marker, nonce]), SYNC]);
	const answer = await client.ask([
		...run("SELECT marker, nonce FROM soak WHERE marker = $1", [marker]),
		SYNC,
	]);
	same(answer, [[marker, nonce]], "1 2 D C(SELECT 1) ZT");
	await client.ask([query("DELETE FROM soak WHERE marker = '$marker'".replace("$marker", marker))]);
	same(await client.ask([query("COMMIT")]), [], "C(COMMIT) ZI");
};

const many: Operation = async ({ client, marker }, nonce) => {
	const answer = await client.ask([
		query(`SELECT '${marker}', '${nonce}.' || i FROM generate_series(1, 300) i`),
	]);
	const expected = Array.from({ length: 300 }, (_, at) => [marker, `${nonce}.${at + 1}`]);
	same(answer, expected, null);
};

const copied: Operation = async ({ client, marker }, nonce) => {
	await client.ask([query("BEGIN")]);
	client.send(query("COPY soak FROM STDIN"), copyData(`${marker}\t${nonce}\n`), COPY_DONE);
	same(await client.ready(), [], "G C(COPY 1) ZT");
	const answer = await client.ask([
		query(`COPY (SELECT marker, nonce FROM soak WHERE marker = '${marker}') TO STDOUT`),
	]);
	assertNotLost(answer);
	const line = answer
		.find(({ type }) => type === "d")
		?.bytes.subarray(5)
		.toString();
	if (line !== `${marker}\t${nonce}\n`) throw new Finding("cross-talk", `${line} for ${marker} ${nonce}`);
	same(await client.ask([query("ROLLBACK")]), [], "C(ROLLBACK) ZI");
};

const notified: Operation = async ({ client, marker }, nonce) => {
	await client.ask([query(`LISTEN "${marker}"`)]);
	const answer = await client.ask([query(`NOTIFY "${marker}", '${nonce}'`)]);
	assertNotLost(answer);
	const notice = answer.find(({ type }) => type === "A") ?? (await client.until("A")).at(-1);
	const body = notice?.bytes.subarray(9).toString() ?? "";
	if (body !== `${marker}\0${nonce}\0`) throw new Finding("cross-talk", `notified of ${body}`);
	await client.ask([query("UNLISTEN *")]);
};

const failing: Operation = async ({ client }) => {
	const answer = await client.ask([query("SELECT 1/0")]);
	assertNotLost(answer);
	if (errorOf(answer).get("C") !== "22012") throw new Finding("out of step", outline(answer));
};

const settings: Operation = async ({ client, marker }, nonce) => {
	await client.ask([query(`SET application_name = '${marker}.${nonce}'`)]);
	const answer = await client.ask([query("SELECT current_setting('application_name')")]);
	same(answer, [[`${marker}.${nonce}`]], "T D C(SELECT 1) ZI");
};

/** Everything prepared is counted: what the gateway prepares for itself must not stay. */
const leftover: Operation = async ({ client }) => {
	await client.ask([query("DEALLOCATE ALL")]);
	const answer = await client.ask([query("SELECT count(*) FROM pg_prepared_statements")]);
	assertNotLost(answer);
	const count = rows(answer)[0]?.[0];
	if (count !== "0") throw new Finding("prepared statements left", `${count}`);
};

const cancelled: Operation = async ({ client, tally }) => {
	client.send(query("SELECT pg_sleep(30)"));
	await sleep(CANCEL_AFTER_MS);
	const sent = [client.cancel().catch(() => {})];
	// One that comes before what it is to cancel does nothing, as on the server.
	const timer = setInterval(() => sent.push(client.cancel().catch(() => {})), CANCEL_AGAIN_MS);
	const answer = await client.ready().finally(() => clearInterval(timer));
	assertNotLost(answer);
	const error = errorOf(answer).get("C");
	if (error !== "57014") throw new Finding("not cancelled", `${error}`);
	tally.cancels += 1;
	await Promise.all(sent); // none may come upon what is asked next
};

const CANCEL_AFTER_MS = 100;
const CANCEL_AGAIN_MS = 2_000;

/** Its answer must come: keys that are almost another session's, or its own with another secret, cancel nothing. */
const notCancelled: Operation = async (life, nonce) => {
	const { client, marker } = life;
	client.send(query(`SELECT '${marker}', '${nonce}' FROM pg_sleep(0.2)`));
	const other = life.othersKey();
	const key = client.key;
	if (other !== null && key !== null) {
		for (const wrong of [
			{ processId: other.processId, secret: key.secret },
			{ processId: key.processId, secret: other.secret },
		])
			await client.cancel(wrong).catch(() => {}); // whether it was taken or turned away
	}
	same(await client.ready(), [[marker, nonce]], "T D C(SELECT 1) ZI");
};

/** How often each comes, of their sum. */
const OPERATIONS: readonly (readonly [weight: number, Operation])[] = [
	[20, simple],
	[20, prepared],
	[10, pipelined],
	[10, written],
	[5, many],
	[5, copied],
	[4, notified],
	[5, failing],
	[5, settings],
	[4, leftover],
	[4, cancelled],
	[6, notCancelled],
];
const TOTAL = OPERATIONS.reduce((sum, [weight]) => sum + weight, 0);

export function anyOperation(random: number): Operation {
	let left = random * TOTAL;
	for (const [weight, operation] of OPERATIONS) {
		left -= weight;
		if (left < 0) return operation;
	}
	return simple;
}

/** What a server or a gateway says when something was killed; it ends the connection, and a new one is made. */
const LOST = new Set(["57P01", "57P02", "57P03", "08006", "08003", "53300"]);

function same(answer: readonly Received[], expected: (string | null)[][], shape: string | null): void {
	assertNotLost(answer);
	const error = errorOf(answer).get("C");
	if (error !== undefined)
		throw new Finding(error === "57014" ? "another's cancel" : "unexpected error", outline(answer));
	const got = rows(answer);
	if (JSON.stringify(got) !== JSON.stringify(expected))
		throw new Finding(
			"cross-talk",
			`${JSON.stringify(got).slice(0, 200)} for ${JSON.stringify(expected).slice(0, 200)}`,
		);
	if (shape !== null && outline(answer) !== shape) throw new Finding("out of step", outline(answer));
}

function assertNotLost(answer: readonly Received[]): void {
	const error = errorOf(answer).get("C");
	if (error !== undefined && LOST.has(error)) throw new Error(`lost: ${error}`);
}
