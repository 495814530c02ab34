import type { Socket } from "node:net";
import { type SecureContext, TLSSocket } from "node:tls";
import { describeThrown } from "../../../lib/index.ts";
import { StreamEnded } from "../codec/index.ts";
import { StartupError } from "./errors.ts";

const ALPN = "postgresql";

/** The first byte of a TLS handshake record; as the first of a start-up packet it would be a length of 350 MB. */
export const TLS_HANDSHAKE = 0x16;

/**
 * Turns the socket into the server's side of TLS and waits for the handshake.
 * @param direct the client began with TLS at once, and so must have chosen the protocol `postgresql` by ALPN
 * @throws StartupError `startup_tls_failed`, StreamEnded
 */
export function acceptTls(socket: Socket, secureContext: SecureContext, direct: boolean): Promise<TLSSocket> {
	const secure = new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: [ALPN] });
	return new Promise((resolve, reject) => {
		secure.on("error", (error) => {
			reject(
				new StartupError("startup_tls_failed", undefined, { operator: describeThrown(error), cause: error }),
			);
		});
		secure.on("close", () => reject(new StreamEnded()));
		secure.on("secure", () => {
			if (!direct || secure.alpnProtocol === ALPN) return resolve(secure);
			reject(
				new StartupError("startup_tls_failed", "direct SSL connection without ALPN protocol negotiation"),
			);
		});
	});
}
