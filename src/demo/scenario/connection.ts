import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { readEvents } from "../../recording/index.ts";
import type { ShownError, ShownResult } from "../output/narrator.ts";
import { CONNECTION, type Someone } from "../stage/gateway.ts";

/** What came back for a statement; of several statements the last one's. */
export type Answer =
	| { readonly ok: true; readonly result: ShownResult }
	| { readonly ok: false; readonly error: ShownError };

/** Values as PostgreSQL writes them, for what is shown and compared here are texts. */
const AS_TEXT = { getTypeParser: () => (value: unknown) => value } as unknown as pg.CustomTypesConfig;
const POLL_MS = 20;
const PATIENCE_MS = 15_000;

/** A real PostgreSQL connection to the gateway, by node-postgres, with the token as its password. */
export class DemoConnection {
	/** The session's id, in the gateway and in its record. */
	readonly session: string;
	readonly #client: pg.Client;
	readonly #notices: string[] = [];

	private constructor(client: pg.Client, session: string) {
		this.#client = client;
		this.session = session;
		client.on("notice", ({ message }) => this.#notices.push(message ?? ""));
	}

	static async open(port: number, who: Someone, recordDirectory: string): Promise<DemoConnection> {
		const name = `demo-${randomUUID()}`;
		const client = new pg.Client({
			host: "127.0.0.1",
			port,
			database: CONNECTION,
			user: who.name,
			password: who.token,
			application_name: name,
		});
		client.on("error", () => undefined); // the gateway goes first when the demo is interrupted
		await client.connect();
		return new DemoConnection(client, await sessionOf(recordDirectory, name));
	}

	async send(sql: string): Promise<Answer> {
		try {
			const query = { text: sql, rowMode: "array" as const, types: AS_TEXT };
			const answers = await this.#client.query<(string | null)[]>(query);
			const last = Array.isArray(answers) ? answers.at(-1) : answers;
			return { ok: true, result: shown(last as pg.QueryArrayResult<(string | null)[]>) };
		} catch (error) {
			if (!(error instanceof pg.DatabaseError)) throw error;
			const { code = "", message, detail = "", hint = "" } = error;
			return { ok: false, error: { code, message, detail, hint } };
		}
	}

	/** The first notice from now on or before that holds `text`. Throws when there is none in time. */
	async notice(text: string): Promise<string> {
		const deadline = Date.now() + PATIENCE_MS;
		for (;;) {
			const found = this.#notices.find((notice) => notice.includes(text));
			if (found !== undefined) return found;
			if (Date.now() > deadline) throw new Error(`no notice with "${text}" came`);
			await sleep(POLL_MS, undefined, { ref: false }); // must not keep an interrupted demo up
		}
	}

	close(): Promise<void> {
		return this.#client.end();
	}
}

function shown({ command, rowCount, fields, rows }: pg.QueryArrayResult<(string | null)[]>): ShownResult {
	return {
		columns: fields.map(({ name }) => name),
		rows,
		tag: [command, rowCount].filter((part) => part !== null).join(" "),
	};
}

/** A session is in the record before its client is told that it is ready. */
async function sessionOf(recordDirectory: string, application: string): Promise<string> {
	const needle = Buffer.from(application);
	for await (const { type, session, fields } of readEvents(recordDirectory, ({ bytes }) =>
		bytes.includes(needle),
	)) {
		const context = fields["context"] as { client_application?: unknown } | undefined;
		if (type === "session_start" && session !== null && context?.client_application === application)
			return session;
	}
	throw new Error("the session is not in the record");
}
