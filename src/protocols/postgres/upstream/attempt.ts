import type { Socket } from "node:net";
import type { UpstreamTls } from "../../../connections/index.ts";
import { UpstreamError } from "./errors.ts";

/** How one try reaches the server: in the clear, or with TLS asked for by SSLRequest. */
export interface Encryption {
	readonly tls: boolean;
	/** With `tls`: go on in the clear, on the same connection, when the server answers N. */
	readonly optional: boolean;
}

const CLEAR: Encryption = { tls: false, optional: false };
const TLS: Encryption = { tls: true, optional: false };
const TLS_IF_OFFERED: Encryption = { tls: true, optional: true };

/**
 * The tries of libpq's sslmodes, in order; the next one is made only where `mayFallBack` says so. A Unix socket is
 * never encrypted, whatever the mode.
 */
export function encryptionsOf(tls: UpstreamTls, host: string): readonly [Encryption, ...Encryption[]] {
	if (host.startsWith("/")) return [CLEAR];
	switch (tls.mode) {
		case "disable":
			return [CLEAR];
		case "allow":
			return [CLEAR, TLS];
		case "prefer":
			return [TLS_IF_OFFERED, CLEAR];
		case "require":
		case "verify-ca":
		case "verify-full":
			return [TLS];
	}
}

/**
 * Whether the next way may be tried: after a TLS handshake that failed, or when the server refused this client before
 * it asked for a password (pg_hba.conf has no line for that kind of connection). libpq goes on even after a wrong
 * password; that would only send it once more.
 */
export function mayFallBack(error: UpstreamError): boolean {
	return error.code === "upstream_tls_failed" || error.beforePassword;
}

/**
 * Runs `work` on a socket and destroys the socket when the time is over or the signal comes, which ends every read
 * that `work` waits for.
 * @throws UpstreamError `upstream_timeout` when the time was over
 */
export async function withDeadline<T>(
	deadline: Deadline,
	socket: Socket,
	work: () => Promise<T>,
): Promise<T> {
	const stop = (): void => {
		socket.destroy();
	};
	deadline.signal.addEventListener("abort", stop);
	if (deadline.signal.aborted) stop();
	try {
		return await work();
	} catch (error) {
		if (deadline.signal.aborted) throw deadline.error();
		throw error;
	} finally {
		deadline.signal.removeEventListener("abort", stop);
	}
}

/** One limit of time over all tries, joined with the caller's signal. */
export class Deadline {
	readonly signal: AbortSignal;
	readonly #caller: AbortSignal | undefined;

	constructor(milliseconds: number, caller?: AbortSignal) {
		const timeout = AbortSignal.timeout(milliseconds);
		this.#caller = caller;
		this.signal = caller === undefined ? timeout : AbortSignal.any([timeout, caller]);
	}

	/** What to throw when the signal came. */
	error(): unknown {
		if (this.#caller?.aborted === true) return this.#caller.reason;
		return new UpstreamError("upstream_timeout");
	}
}
