import type { Socket } from "node:net";
import { Backend, decodeErrorFields, readExactly } from "../codec/index.ts";
import { UpstreamError } from "./errors.ts";

/** Before a session nothing longer is believed (libpq's own limit for errors is the same). */
const MAX_BYTES = 30_000;
const HEADER = 5;

/** One whole message of the server's start-up. Notices are passed over. @throws UpstreamError, StreamEnded */
export async function readStartupAnswer(socket: Socket): Promise<Buffer> {
	for (;;) {
		const head = await readExactly(socket, HEADER);
		const length = head.readInt32BE(1);
		if (length < 4 || length > MAX_BYTES) {
			throw new UpstreamError("upstream_protocol", { operator: `a message of ${length} bytes at start-up` });
		}
		const message = length === 4 ? head : Buffer.concat([head, await readExactly(socket, length - 4)]);
		if (message[0] !== Backend.NoticeResponse) return message;
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
