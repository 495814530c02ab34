import { once } from "node:events";
import { type BackendKey, encodeCancelRequest } from "../codec/index.ts";
import { Deadline, type Encryption, encryptionsOf, withDeadline } from "./attempt.ts";
import { asUpstreamError } from "./errors.ts";
import type { PostgresServer } from "./server.ts";
import { openSocket, secureSocket } from "./transport.ts";

const DEFAULT_TIMEOUT_MS = 5_000;

export interface CancelOptions {
	/** Whether the session came to be encrypted (UpstreamSession's `tls`); without it, the mode's first way is taken. */
	readonly tls?: boolean;
	readonly timeoutMs?: number;
}

/**
 * Asks the server to cancel what a session is doing, on a connection of its own and encrypted as the session is, and
 * waits until the server has closed it: the signal has been sent by then. What is cancelled is whatever the session
 * does when the signal arrives, so send it nothing new until a round trip after this.
 * @param server as the session has it: of a host with several addresses only that one knows the key
 * @throws UpstreamError when the request could not be delivered
 */
export async function cancelUpstream(
	server: PostgresServer,
	key: BackendKey,
	options: CancelOptions = {},
): Promise<void> {
	const deadline = new Deadline(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
	const encryption = encryptionOf(server, options.tls);
	const raw = await openSocket(server, deadline.signal);
	await withDeadline(deadline, raw, async () => {
		try {
			const { socket } = await secureSocket(raw, server, encryption);
			const closed = once(socket, "close");
			socket.resume();
			socket.write(encodeCancelRequest(key.processId, key.secret));
			await closed;
		} catch (error) {
			throw asUpstreamError(error);
		} finally {
			raw.destroy();
		}
		if (deadline.signal.aborted) throw deadline.error();
	});
}

/** A session's own encryption, where it is known: what `allow` and `prefer` came to after a second try. */
function encryptionOf(server: PostgresServer, tls: boolean | undefined): Encryption {
	const [first] = encryptionsOf(server.tls, server.host);
	return tls === undefined ? first : { tls, optional: false };
}
