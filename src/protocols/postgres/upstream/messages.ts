import type { Socket } from "node:net";
import { Backend, decodeDataRow, decodeErrorFields, encodeQuery, readSome } from "../codec/index.ts";
import { Deadline, withDeadline } from "./attempt.ts";
import { asUpstreamError, UpstreamError } from "./errors.ts";

/** Before a session nothing longer is believed (libpq's own limit for errors is the same). */
const MAX_BYTES = 30_000;
const HEADER = 5;
const NOTHING = Buffer.alloc(0);
const ANSWER_TIMEOUT_MS = 10_000;

/** What the server says until a session begins, message by message. */
export class StartupAnswers {
	readonly #socket: Socket;
	#pending: Buffer = NOTHING;

	constructor(socket: Socket) {
		this.#socket = socket;
	}

	/** The next message, whole. Notices are passed over. @throws UpstreamError, StreamEnded */
	async next(): Promise<Buffer> {
		for (;;) {
			const message = this.#take();
			if (message === null) this.#pending = Buffer.concat([this.#pending, await readSome(this.#socket)]);
			else if (message[0] !== Backend.NoticeResponse) return message;
		}
	}

	/** Leaves in the socket what came behind the last message. */
	end(): void {
		if (this.#pending.length > 0) this.#socket.unshift(this.#pending);
		this.#pending = NOTHING;
	}

	#take(): Buffer | null {
		const pending = this.#pending;
		if (pending.length < HEADER) return null;
		const length = pending.readInt32BE(1);
		if (length < 4 || length > MAX_BYTES) {
			throw new UpstreamError("upstream_protocol", { operator: `a message of ${length} bytes at start-up` });
		}
		if (pending.length <= length) return null;
		this.#pending = pending.subarray(length + 1);
		return pending.subarray(0, length + 1);
	}
}

/** Turns an ErrorResponse of the start-up into what is thrown. */
export function refusal(message: Buffer, beforePassword: boolean): UpstreamError {
	const fields = decodeErrorFields(message, 0, message.length);
	const sqlstate = fields.get("C") ?? "XX000";
	const operator = `${fields.get("S") ?? "FATAL"} ${sqlstate}: ${fields.get("M") ?? ""}`;
	const code = sqlstate.startsWith("28") ? "upstream_authentication_failed" : "upstream_refused";
	return new UpstreamError(code, { operator, refusedWith: sqlstate, beforePassword });
}

/**
 * Runs one of the gateway's own texts on a session that nobody reads yet; rows come as texts.
 * @throws UpstreamError when the server refuses it or doesn't answer in time
 */
export async function askOnce(socket: Socket, text: string): Promise<(string | null)[][]> {
	const deadline = new Deadline(ANSWER_TIMEOUT_MS);
	try {
		return await withDeadline(deadline, socket, () => ask(socket, text));
	} catch (error) {
		throw asUpstreamError(error);
	}
}

async function ask(socket: Socket, text: string): Promise<(string | null)[][]> {
	socket.write(encodeQuery(text));
	const answers = new StartupAnswers(socket);
	const rows: (string | null)[][] = [];
	let refused: UpstreamError | null = null;
	for (;;) {
		const message = await answers.next();
		switch (message[0]) {
			case Backend.DataRow:
				rows.push(decodeDataRow(message, 0, message.length).map((value) => value?.toString("utf8") ?? null));
				break;
			case Backend.ErrorResponse:
				refused = refusal(message, false);
				break;
			case Backend.ReadyForQuery:
				answers.end();
				if (refused !== null) throw refused;
				return rows;
		}
	}
}
