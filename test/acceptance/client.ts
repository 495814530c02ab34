import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { RunningGateway } from "../support/gateway.ts";

/** An open session, as the agent unless a token says otherwise. What the server says when it ends is kept. */
export interface Session {
	readonly client: pg.Client;
	/** The first column of the first row. */
	value(sql: string): Promise<unknown>;
	/** The SQLSTATE that the statement fails with; null when it doesn't. */
	failure(sql: string): Promise<pg.DatabaseError | null>;
	/** Resolves with the error that ended the connection. */
	readonly ended: Promise<pg.DatabaseError | undefined>;
	close(): Promise<void>;
}

export async function openSession(gateway: RunningGateway, token = gateway.tokens.agent): Promise<Session> {
	const { host, pgPort, database } = gateway;
	const client = new pg.Client({ host, port: pgPort, user: "anybody", password: token, database });
	let last: pg.DatabaseError | undefined;
	client.on("error", (error) => {
		last ??= error as pg.DatabaseError;
	});
	const ended = new Promise<pg.DatabaseError | undefined>((resolve) => client.on("end", () => resolve(last)));
	await client.connect();
	return {
		client,
		value: async (sql) => (await client.query({ text: sql, rowMode: "array" })).rows[0]?.[0] as unknown,
		failure: (sql) =>
			client.query(sql).then(
				() => null,
				(error: pg.DatabaseError) => error,
			),
		ended,
		close: () => client.end(),
	};
}

/** Asks again and again until the answer is a value; throws with what was waited for when it never is. */
export async function eventually<T>(
	what: string,
	ask: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
	for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(50)) {
		const answer = await ask();
		if (answer !== undefined) return answer;
	}
	throw new Error(`not in 20 s: ${what}`);
}

/** A request of the control listener with the admin's token. */
export const control = (gateway: RunningGateway, path: string) =>
	fetch(new URL(path, `${gateway.controlUrl}/`), {
		headers: { authorization: `Bearer ${gateway.tokens.admin}` },
	});
