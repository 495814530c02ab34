import type { Socket } from "node:net";
import { encodeErrorResponse } from "../codec/index.ts";

/** How long a refused client may take to read why. */
const LINGER_MS = 2_000;

export interface Refusal {
	readonly sqlstate: string;
	readonly message: string;
	readonly detail?: string | null;
	readonly hint?: string | null;
}

/**
 * Ends a connection with a FATAL ErrorResponse, before or after authentication. What the client still sends is read
 * and dropped, since closing with unread bytes would reset the connection and lose the answer.
 */
export function refuse(socket: Socket, refusal: Refusal): void {
	if (socket.destroyed) return;
	const timer = setTimeout(() => socket.destroy(), LINGER_MS);
	socket.once("close", () => clearTimeout(timer));
	socket.end(encodeErrorResponse({ severity: "FATAL", ...refusal }));
	socket.resume();
}
