import type { Clock } from "../../../lib/index.ts";
import { type CatalogQuery, type ControlConnection, sqlstateOf } from "./query.ts";

/**
 * Makes names mean what they say, changes impossible, and waiting short. `lock_timeout`: reading a view's definition
 * waits for the locks on its tables.
 */
const SETTINGS = {
	search_path: "''",
	standard_conforming_strings: "on",
	default_transaction_read_only: "on",
	statement_timeout: "10000",
	lock_timeout: "100",
	idle_session_timeout: "0",
	jit: "off",
	application_name: "'sallyport catalog'",
};
/** Longer than the server's own limit: it is for a server or a network that doesn't answer at all. */
const ANSWER_TIMEOUT_MS = 15_000;
const FIRST_BACK_OFF_MS = 100;
const LONGEST_BACK_OFF_MS = 5_000;

/**
 * One control connection that is opened when it is needed, and again when it broke: at once the first time, then with
 * growing pauses, in which every query is refused without trying.
 */
export class ControlLink {
	readonly #connect: () => Promise<ControlConnection>;
	readonly #clock: Clock;
	#connection: Promise<ControlConnection> | undefined;
	/** Queries go one by one. */
	#last: Promise<unknown> = Promise.resolve();
	#backOffMs = 0;
	#retryAt = Number.NEGATIVE_INFINITY;
	#lastFailure: unknown;
	#closed = false;

	constructor(connect: () => Promise<ControlConnection>, clock: Clock) {
		this.#connect = connect;
		this.#clock = clock;
	}

	/** Rejects with the server's error, or with that of the connection. */
	readonly query: CatalogQuery = (sql) => {
		const answer = this.#last.then(() => this.#run(sql));
		this.#last = answer.catch(() => {});
		return answer;
	};

	/** Lets go of the connection when what was asked is answered; the next question opens another. */
	rest(): void {
		this.#last = this.#last.then(() => this.#drop());
	}

	close(): void {
		this.#closed = true;
		this.#drop();
	}

	async #run(sql: string): Promise<readonly (readonly (string | null)[])[]> {
		const reused = this.#connection !== undefined;
		try {
			return await this.#ask(sql);
		} catch (error) {
			if (isServerError(error)) throw error;
			this.#drop();
			// An old connection may have been closed from the other side long ago: that says nothing about a new one.
			if (!reused) throw error;
			return this.#ask(sql);
		}
	}

	async #ask(sql: string): Promise<readonly (readonly (string | null)[])[]> {
		const connection = await this.#open();
		return within(ANSWER_TIMEOUT_MS, connection.query(sql));
	}

	#open(): Promise<ControlConnection> {
		if (this.#closed) return Promise.reject(new Error("the control connection is closed"));
		if (this.#connection !== undefined) return this.#connection;
		if (this.#clock.now() < this.#retryAt) return Promise.reject(this.#lastFailure);
		const opening = this.#setUp();
		this.#connection = opening;
		opening.then(
			() => {
				this.#backOffMs = 0;
			},
			(error: unknown) => {
				if (this.#connection === opening) this.#connection = undefined;
				this.#lastFailure = error;
				this.#backOffMs = Math.min(Math.max(this.#backOffMs * 2, FIRST_BACK_OFF_MS), LONGEST_BACK_OFF_MS);
				this.#retryAt = this.#clock.now() + this.#backOffMs;
			},
		);
		return opening;
	}

	async #setUp(): Promise<ControlConnection> {
		const connection = await within(ANSWER_TIMEOUT_MS, this.#connect());
		try {
			for (const [name, value] of Object.entries(SETTINGS)) {
				await within(ANSWER_TIMEOUT_MS, connection.query(`SET ${name} = ${value}`));
			}
			if (this.#closed) throw new Error("the control connection is closed");
			return connection;
		} catch (error) {
			connection.close();
			throw error;
		}
	}

	#drop(): void {
		this.#connection?.then(
			(connection) => connection.close(),
			() => {},
		);
		this.#connection = undefined;
	}
}

/** True when the server refused the statement and the connection lives on: any SQLSTATE but those that end it. */
function isServerError(error: unknown): boolean {
	const sqlstate = sqlstateOf(error);
	return sqlstate !== undefined && !/^(08|57P|58)/.test(sqlstate);
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
	});
	try {
		return await Promise.race([work, late]);
	} finally {
		clearTimeout(timer);
	}
}
