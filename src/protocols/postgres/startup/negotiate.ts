import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import type { Peer } from "../../../identity/index.ts";
import {
	AUTHENTICATION_CLEARTEXT,
	encodeNegotiateProtocolVersion,
	ProtocolError,
	readExactly,
	type StartupPacket,
	StreamEnded,
} from "../codec/index.ts";
import { askForBearer, type OauthOffer } from "./bearer.ts";
import { StartupError } from "./errors.ts";
import { readPassword, readStartupPacket } from "./packets.ts";
import { refuse } from "./refuse.ts";
import { acceptTls, TLS_HANDSHAKE } from "./tls.ts";

/** The newest minor version of protocol 3 that is spoken. */
const NEWEST_MINOR = 2;
const DEFAULT_TIMEOUT_MS = 10_000;
/** What the server reads as "not a replication connection". */
const REPLICATION_OFF = new Set(["false", "off", "no", "0"]);

export interface NegotiateOptions {
	/** Who connects: a token in clear is taken from this machine only. */
	readonly peer: Peer;
	/** The listener's certificate; null where it has none: SSLRequest is answered with N then. */
	readonly tls: SecureContext | null;
	/** Null where tokens are taken as passwords only. */
	readonly oauth: OauthOffer | null;
	/** From accept to token, in milliseconds. */
	readonly timeoutMs?: number;
	/** Called for a CancelRequest, whose connection is closed without an answer, as the server does. */
	readonly onCancel: (processId: number, secret: Buffer) => void;
}

/** A client that has said what it wants and given a token. Nobody has looked at the token yet. */
export interface Negotiated {
	readonly outcome: "ready";
	/** Paused; the TLS socket where TLS is on. Bytes that the client sent ahead are still in it. */
	readonly socket: Socket;
	/** As in the StartupMessage (`user`, `database`, settings), without `_pq_.` options. */
	readonly parameters: ReadonlyMap<string, string>;
	/** What is spoken from here on. The cancel key has 4 bytes below 3.2, from there on up to 32. */
	readonly protocol: { readonly major: 3; readonly minor: number };
	readonly tls: boolean;
	readonly token: string;
	/** Set when the token came by OAUTHBEARER: a refusal of it is told by `refuseBearer` first. */
	readonly oauth: OauthOffer | null;
}

export type Negotiation =
	| Negotiated
	| { readonly outcome: "cancel" }
	/** The client has been told; the error is null when it went away by itself. */
	| { readonly outcome: "refused"; readonly error: StartupError | ProtocolError | null };

/**
 * Takes a newly accepted connection through encryption, start-up and the request for a token, in the order and with
 * the refusals of the server itself. Never rejects. An `error` listener stays on the socket; it does nothing.
 */
export async function negotiate(socket: Socket, options: NegotiateOptions): Promise<Negotiation> {
	socket.on("error", ignore);
	const state: State = {
		socket,
		options,
		tls: false,
		handshaking: false,
		answered: new Set(),
		timedOut: false,
	};
	const timer = setTimeout(() => {
		state.timedOut = true;
		// In the middle of a TLS handshake there is nobody who could read an answer.
		if (!state.handshaking) refuse(state.socket, refusalOf(new StartupError("startup_timeout")));
		socket.destroySoon();
	}, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
	try {
		return await startUp(state);
	} catch (error) {
		return refused(state, error);
	} finally {
		clearTimeout(timer);
	}
}

interface State {
	/** The TLS socket once TLS is on. */
	socket: Socket;
	readonly options: NegotiateOptions;
	tls: boolean;
	handshaking: boolean;
	/** Each kind of encryption may be asked for once. */
	readonly answered: Set<StartupPacket["type"]>;
	timedOut: boolean;
}

async function startUp(state: State): Promise<Negotiation> {
	if (state.options.tls !== null && (await beginsWithTls(state.socket)))
		await upgrade(state, state.options.tls, true);
	for (;;) {
		const packet = await readStartupPacket(state.socket);
		switch (packet.type) {
			case "ssl_request":
			case "gss_request":
				await answerEncryption(state, packet.type);
				break;
			case "cancel":
				state.options.onCancel(packet.processId, packet.secret);
				state.socket.end();
				return { outcome: "cancel" };
			case "startup":
				return await askForToken(state, packet);
		}
	}
}

/** Looks at the first byte and puts it back. */
async function beginsWithTls(socket: Socket): Promise<boolean> {
	const first = await readExactly(socket, 1);
	socket.unshift(first);
	return first[0] === TLS_HANDSHAKE;
}

async function answerEncryption(state: State, type: "ssl_request" | "gss_request"): Promise<void> {
	if (state.tls || state.answered.has(type)) {
		throw new StartupError("startup_protocol_unsupported", "encryption was asked for a second time");
	}
	state.answered.add(type);
	if (type === "gss_request" || state.options.tls === null) {
		state.socket.write("N");
		return;
	}
	// Whoever is in between could have put these bytes there, to be read as if they had come encrypted.
	if (state.socket.readableLength > 0) throw new StartupError("startup_bytes_before_tls");
	state.socket.write("S");
	await upgrade(state, state.options.tls, false);
}

async function upgrade(state: State, context: SecureContext, direct: boolean): Promise<void> {
	state.handshaking = true;
	state.socket = await acceptTls(state.socket, context, direct);
	state.socket.on("error", ignore);
	state.handshaking = false;
	state.tls = true;
}

async function askForToken(state: State, packet: StartupPacket & { type: "startup" }): Promise<Negotiated> {
	const { socket } = state;
	if (packet.major !== 3) {
		const version = `${packet.major}.${packet.minor}`;
		throw new StartupError(
			"startup_protocol_unsupported",
			`unsupported frontend protocol ${version}: the gateway supports 3.0 to 3.${NEWEST_MINOR}`,
		);
	}
	const unrecognised = [...packet.parameters.keys()].filter((name) => name.startsWith("_pq_."));
	const parameters = new Map([...packet.parameters].filter(([name]) => !name.startsWith("_pq_.")));
	const minor = Math.min(packet.minor, NEWEST_MINOR);
	if (minor < packet.minor || unrecognised.length > 0) {
		socket.write(encodeNegotiateProtocolVersion(minor, unrecognised));
	}
	const replication = parameters.get("replication");
	if (replication !== undefined && !REPLICATION_OFF.has(replication.toLowerCase())) {
		throw new StartupError("startup_replication_unsupported");
	}
	const user = parameters.get("user") ?? "";
	if (user === "") throw new StartupError("startup_user_missing");
	if (!state.tls && !state.options.peer.loopback) throw new StartupError("startup_token_in_clear");
	const oauth = state.options.oauth?.users.has(user) === true ? state.options.oauth : null;
	const token = oauth === null ? await askForPassword(socket) : await askForBearer(socket, oauth);
	return {
		outcome: "ready",
		socket,
		parameters,
		protocol: { major: 3, minor },
		tls: state.tls,
		token,
		oauth,
	};
}

async function askForPassword(socket: Socket): Promise<string> {
	socket.write(AUTHENTICATION_CLEARTEXT);
	const token = await readPassword(socket);
	if (token === "") throw new StartupError("startup_token_missing");
	return token;
}

function refused(state: State, error: unknown): Negotiation {
	if (state.timedOut) return { outcome: "refused", error: new StartupError("startup_timeout") };
	if (error instanceof StartupError || error instanceof ProtocolError) {
		// A handshake that failed left no one who could read an answer.
		if (error.code === "startup_tls_failed") state.socket.destroy();
		else refuse(state.socket, refusalOf(error));
		return { outcome: "refused", error };
	}
	state.socket.destroy();
	if (error instanceof StreamEnded) return { outcome: "refused", error: null };
	throw error;
}

function refusalOf(error: StartupError | ProtocolError) {
	return { sqlstate: error.sqlstate, message: error.message, hint: error.remedy };
}

/** An error on a socket is followed by `close`, which is what the readers wait for. */
function ignore(): void {}
