import { once } from "node:events";
import type { PostgresUpstream } from "../../../connections/index.ts";
import { type BackendKey, encodeCancelRequest } from "../codec/index.ts";
import { Deadline, type Encryption, encryptionsOf, withDeadline } from "./attempt.ts";
import { asUpstreamError } from "./connect.ts";
import { openSocket, secureSocket } from "./transport.ts";

const DEFAULT_TIMEOUT_MS = 5_000;

export interface CancelOptions {
	/** Whether the session came to be encrypted (UpstreamSession's `tls`); without it, the mode's first way is taken. */
	readonly tls?: boolean;
	/** Where the session's own socket leads: of a host with several addresses only this one knows the key. */
	readonly address?: string;
	readonly timeoutMs?: number;
}

/**
 * Asks the server to cancel what a session is doing, on a connection of its own and encrypted as the session is, and
 * waits until the server has closed it: the signal has been sent by then. What is cancelled is whatever the session
 * does when the signal arrives, so send it nothing new until a round trip after this.
 * @throws UpstreamError when the request could not be delivered
 */
export async function cancelUpstream(
	upstream: PostgresUpstream,
	key: BackendKey,
	options: CancelOptions = {},
): Promise<void> {
	const deadline = new Deadline(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
	const encryption = encryptionOf(upstream, options.tls);
	const target = options.address === undefined ? upstream : { ...upstream, host: options.address };
	const raw = await openSocket(target, deadline.signal);
	await withDeadline(deadline, raw, async () => {
		try {
			const { socket } = await secureSocket(raw, upstream, encryption);
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
function encryptionOf(upstream: PostgresUpstream, tls: boolean | undefined): Encryption {
	const [first] = encryptionsOf(upstream.tls, upstream.host);
	return tls === undefined ? first : { tls, optional: false };
}
