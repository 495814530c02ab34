import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { describeThrown, type Secret } from "../../../lib/index.ts";
import {
	type AuthenticationRequest,
	Backend,
	decodeAuthentication,
	encodePassword,
	encodeSaslInitialResponse,
	encodeSaslResponse,
} from "../codec/index.ts";
import { serverEndPoint } from "./channel-binding.ts";
import { UpstreamError } from "./errors.ts";
import { refusal, type StartupAnswers } from "./messages.ts";
import { type ChannelBinding, ScramClient } from "./scram.ts";
import type { PostgresServer } from "./server.ts";

const PLAIN = "SCRAM-SHA-256";
const PLUS = "SCRAM-SHA-256-PLUS";

/** Answers the server's requests until it says that the gateway is let in. @throws UpstreamError, StreamEnded */
export async function authenticate(
	socket: Socket,
	answers: StartupAnswers,
	server: PostgresServer,
): Promise<void> {
	const request = await nextRequest(answers, true);
	switch (request.type) {
		case "ok":
			return;
		case "cleartext":
			socket.write(encodePassword(password(server)));
			break;
		case "md5":
			socket.write(encodePassword(md5Answer(server.user, password(server), request.salt)));
			break;
		case "sasl":
			await scram(socket, answers, server, request.mechanisms);
			break;
		default:
			throw new UpstreamError("upstream_authentication_unsupported", { operator: `request ${request.type}` });
	}
	const last = await nextRequest(answers, false);
	if (last.type !== "ok") throw unexpected(last.type);
}

async function scram(
	socket: Socket,
	answers: StartupAnswers,
	server: PostgresServer,
	mechanisms: readonly string[],
): Promise<void> {
	const binding = channelBinding(socket, mechanisms);
	const client = new ScramClient(password(server), binding);
	const mechanism = binding.type === "tls-server-end-point" ? PLUS : PLAIN;
	socket.write(encodeSaslInitialResponse(mechanism, Buffer.from(client.first())));
	const first = await nextRequest(answers, false);
	if (first.type !== "sasl_continue") throw unexpected(first.type);
	socket.write(encodeSaslResponse(Buffer.from(await client.final(first.data.toString("utf8")))));
	const last = await nextRequest(answers, false);
	if (last.type !== "sasl_final") throw unexpected(last.type);
	client.verify(last.data.toString("utf8"));
}

/** Inside TLS the connection is bound to the server's certificate wherever the server can do it, as libpq does. */
function channelBinding(socket: Socket, mechanisms: readonly string[]): ChannelBinding {
	if (socket instanceof TLSSocket && mechanisms.includes(PLUS)) {
		const data = serverEndPoint(socket.getPeerCertificate().raw);
		if (data !== undefined) return { type: "tls-server-end-point", data };
		// Going on without would let whoever is in between choose such a certificate.
		const operator = "no channel binding: the server certificate's signature has no hash of its own";
		throw new UpstreamError("upstream_authentication_unsupported", { operator });
	}
	if (!mechanisms.includes(PLAIN)) {
		const operator = `SASL mechanisms offered: ${mechanisms.join(", ")}`;
		throw new UpstreamError("upstream_authentication_unsupported", { operator });
	}
	return { type: socket instanceof TLSSocket ? "not_offered" : "none" };
}

async function nextRequest(answers: StartupAnswers, first: boolean): Promise<AuthenticationRequest> {
	for (;;) {
		const message = await answers.next();
		if (message[0] === Backend.Authentication) return decodeAuthentication(message, 0, message.length);
		if (message[0] === Backend.NegotiateProtocolVersion) continue; // 3.0 without options was asked for: nothing to do
		if (message[0] !== Backend.ErrorResponse) throw unexpected(`message ${message[0]}`);
		throw refusal(message, first);
	}
}

function password(server: PostgresServer): string {
	if (server.password === null) {
		throw unusable("the server asks for a password and the connection has none");
	}
	const secret = reveal(server.password);
	if (secret.includes("\0")) throw unusable("the connection's password holds NUL");
	return secret;
}

/** A secret is read from its source at each use, and the source may be gone. */
function reveal(secret: Secret): string {
	try {
		return secret.reveal();
	} catch (error) {
		throw unusable(`the connection's password can't be read: ${describeThrown(error)}`);
	}
}

function unusable(operator: string): UpstreamError {
	return new UpstreamError("upstream_authentication_failed", { operator });
}

/** `md5` and the digest of the salted digest of password and user. */
function md5Answer(user: string, secret: string, salt: Buffer): string {
	const md5 = (data: Uint8Array): string => createHash("md5").update(data).digest("hex");
	return `md5${md5(Buffer.concat([Buffer.from(md5(Buffer.from(secret + user))), salt]))}`;
}

function unexpected(what: string): UpstreamError {
	return new UpstreamError("upstream_protocol", {
		operator: `unexpected answer during authentication: ${what}`,
	});
}
