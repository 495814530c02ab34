import { Backend, Frontend } from "./types.ts";

/** The greatest length (without the type byte) for each type byte; 0 for a type that is not taken at all. */
export type LengthLimits = Float64Array;

export const DEFAULT_FRONTEND_MAX_BYTES = 64 * 1024 * 1024;
export const DEFAULT_BACKEND_MAX_BYTES = 256 * 1024 * 1024;

/** What the server itself allows for messages that hold no more than a name (PQ_SMALL_MESSAGE_LIMIT). */
const SMALL_MESSAGE_BYTES = 10_000;
/** A token may have 16 KiB; the rest is the message's frame. */
const PASSWORD_MESSAGE_BYTES = 16 * 1024 + 64;
const LARGE = ["Query", "Parse", "Bind", "FunctionCall", "CopyData"] as const;

/** Limits for what an authenticated client sends; `maxBytes` is for statements, parameters and COPY data. */
export function frontendLimits(maxBytes: number = DEFAULT_FRONTEND_MAX_BYTES): LengthLimits {
	const limits = new Float64Array(256);
	for (const type of Object.values(Frontend)) limits[type] = SMALL_MESSAGE_BYTES;
	for (const name of LARGE) limits[Frontend[name]] = maxBytes;
	limits[Frontend.Password] = PASSWORD_MESSAGE_BYTES;
	return limits;
}

/** Limits for what a server sends. */
export function backendLimits(maxBytes: number = DEFAULT_BACKEND_MAX_BYTES): LengthLimits {
	const limits = new Float64Array(256);
	for (const type of Object.values(Backend)) limits[type] = maxBytes;
	return limits;
}
