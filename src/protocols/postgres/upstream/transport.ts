import { readFile } from "node:fs/promises";
import { connect as connectTcp, isIP, type Socket } from "node:net";
import * as tls from "node:tls";
import type { UpstreamTls } from "../../../connections/index.ts";
import { describeThrown } from "../../../lib/index.ts";
import { encodeSslRequest, readExactly } from "../codec/index.ts";
import type { Encryption } from "./attempt.ts";
import { DirectReads } from "./direct-reads.ts";
import { UpstreamError } from "./errors.ts";
import type { PostgresServer } from "./server.ts";

const ANSWER_YES = 0x53; // S
const ANSWER_NO = 0x4e; // N
const KEEP_ALIVE_MS = 60_000;

/** Opens a TCP or Unix socket. @throws UpstreamError `upstream_unreachable` */
export function openSocket(server: PostgresServer, signal: AbortSignal): Promise<Socket> {
	const { host, port, address } = server;
	const target = host.startsWith("/")
		? { path: `${host}/.s.PGSQL.${port}` }
		: { host: address ?? host, port };
	return new Promise((resolve, reject) => {
		const reads = new DirectReads();
		const socket = connectTcp({
			...target,
			onread: reads.onread,
			noDelay: true,
			keepAlive: true,
			keepAliveInitialDelay: KEEP_ALIVE_MS,
		});
		reads.of(socket);
		const stop = (): void => {
			socket.destroy(new Error("aborted"));
		};
		signal.addEventListener("abort", stop);
		if (signal.aborted) stop();
		socket.on("connect", () => {
			signal.removeEventListener("abort", stop);
			resolve(socket);
		});
		// Stays for good: an error is followed by `close`, which is what the readers wait for.
		socket.on("error", (error) => {
			signal.removeEventListener("abort", stop);
			const operator = `${host}:${port}: ${describeConnectError(error)}`;
			reject(new UpstreamError("upstream_unreachable", { operator, cause: error }));
		});
	});
}

/**
 * Asks for TLS and puts it on.
 * @returns the TLS socket; the plain one where TLS is optional and the server does not have it
 * @throws UpstreamError, StreamEnded
 */
export async function secureSocket(
	socket: Socket,
	server: PostgresServer,
	encryption: Encryption,
): Promise<{ socket: Socket; tls: boolean }> {
	if (!encryption.tls) return { socket, tls: false };
	const options = await tlsOptions(server.tls, server.host);
	socket.write(encodeSslRequest());
	const answer = (await readExactly(socket, 1))[0];
	if (answer === ANSWER_NO) {
		if (encryption.optional) return { socket, tls: false };
		throw new UpstreamError("upstream_tls_required", { operator: "the server answered N to SSLRequest" });
	}
	if (answer !== ANSWER_YES)
		throw new UpstreamError("upstream_protocol", { operator: "no answer to SSLRequest" });
	// Whoever is in between could have put these bytes there, to be read as if they had come encrypted.
	if (socket.readableLength > 0) {
		throw new UpstreamError("upstream_protocol", {
			operator: "received unencrypted data after SSL response",
		});
	}
	return { socket: await handshake(socket, options), tls: true };
}

function handshake(socket: Socket, options: tls.ConnectionOptions): Promise<Socket> {
	return new Promise((resolve, reject) => {
		const failed = (cause: unknown): void => {
			reject(new UpstreamError("upstream_tls_failed", { operator: describeThrown(cause), cause }));
		};
		const secure = tls.connect({ ...options, socket });
		secure.on("secureConnect", () => resolve(secure));
		secure.on("error", failed);
		secure.on("close", () => failed(new Error("the server closed the connection during the handshake")));
	});
}

/**
 * libpq's rules: the certificate is checked where the mode says so, and in the weaker modes too when authorities are
 * configured; the host name only by `verify-full`.
 */
async function tlsOptions(config: UpstreamTls, host: string): Promise<tls.ConnectionOptions> {
	const verify = config.mode.startsWith("verify-") || config.ca !== undefined;
	const options: tls.ConnectionOptions = {
		minVersion: "TLSv1.2",
		ALPNProtocols: ["postgresql"],
		rejectUnauthorized: verify,
	};
	// SNI takes names only; without `servername`, `host` is what the certificate is compared with.
	if (isIP(host) === 0) options.servername = host;
	else options.host = host;
	if (config.mode !== "verify-full") options.checkServerIdentity = () => undefined;
	if (config.ca !== undefined) options.ca = await pem(config.ca);
	else if (verify) setSystemAuthorities(options);
	if (config.cert !== undefined) options.cert = await pem(config.cert);
	if (config.key !== undefined) options.key = await pem(config.key);
	return options;
}

async function pem(path: string): Promise<string> {
	try {
		return await readFile(path, "utf8");
	} catch (error) {
		throw new UpstreamError("upstream_tls_failed", { operator: describeThrown(error), cause: error });
	}
}

/** What the machine trusts; Node's own list stays where that is empty or can't be asked (before 22.15). */
function setSystemAuthorities(options: tls.ConnectionOptions): void {
	const ask: typeof tls.getCACertificates | undefined = tls.getCACertificates;
	const system = ask?.("system") ?? [];
	if (system.length > 0) options.ca = system;
}

/** Node joins the failures of several addresses in one error without a message. */
function describeConnectError(error: Error): string {
	if (error instanceof AggregateError) return error.errors.map(describeThrown).join("; ");
	return describeThrown(error);
}
