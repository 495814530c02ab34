import type { Socket } from "node:net";
import {
	decodeSaslInitialResponse,
	decodeSaslResponse,
	encodeAuthenticationSasl,
	encodeAuthenticationSaslContinue,
	ProtocolError,
} from "../codec/index.ts";
import { StartupError } from "./errors.ts";
import { readAuthentication } from "./packets.ts";

/** What clients are told of where tokens come from, when they have none or a wrong one. */
export interface OauthOffer {
	/** The issuer whose discovery document leads a client to its token. */
	readonly issuer: string;
	readonly scope: string;
	/** Users of the StartupMessage who are asked for a token by OAUTHBEARER; all others for a password. */
	readonly users: ReadonlySet<string>;
}

const MECHANISM = "OAUTHBEARER";
const SEPARATOR = "\x01";

/**
 * Asks for a token by SASL OAUTHBEARER (RFC 7628), in the steps of PostgreSQL 18 (auth-oauth.c). There is one request
 * for authentication and no second one, so who gets this one has to be known before: by the user's name, as pg_hba.conf
 * tells methods apart.
 * @throws StartupError `startup_token_missing` when the client only asks where tokens come from; ProtocolError
 */
export async function askForBearer(socket: Socket, offer: OauthOffer): Promise<string> {
	socket.write(encodeAuthenticationSasl([MECHANISM]));
	const first = await readAuthentication(socket);
	const { mechanism, data } = decodeSaslInitialResponse(first, 0, first.length);
	if (mechanism !== MECHANISM) throw malformed("client selected an invalid SASL authentication mechanism");
	const token = tokenOf(data ?? (await answerToNothing(socket)));
	if (token !== "") return token;
	refuseBearer(socket, offer);
	throw new StartupError("startup_token_missing");
}

/**
 * Tells a client in the mechanism's own form that its token is not taken, and where others come from. The error that
 * ends the connection follows; the client's last word, which says nothing, is not waited for.
 */
export function refuseBearer(socket: Socket, { issuer, scope }: OauthOffer): void {
	const status = {
		status: "invalid_token",
		"openid-configuration": `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`,
		scope,
	};
	socket.write(encodeAuthenticationSaslContinue(Buffer.from(JSON.stringify(status))));
}

/** A client may leave its first message empty; then an empty challenge is what it answers. */
async function answerToNothing(socket: Socket): Promise<Buffer> {
	socket.write(encodeAuthenticationSaslContinue(Buffer.alloc(0)));
	const message = await readAuthentication(socket);
	return decodeSaslResponse(message, 0, message.length);
}

/** `n,,^Aauth=Bearer TOKEN^A^A`: no channel binding, no other identity, and keys of which only `auth` is of interest. */
function tokenOf(data: Buffer): string {
	const text = data.toString("latin1");
	const [header = "", ...pairs] = text.split(SEPARATOR);
	const [binding = "", identity, end, ...more] = header.split(",");
	if (binding !== "n" && binding !== "y") throw malformed("channel binding is not part of this mechanism");
	if (identity !== "" || end !== "" || more.length > 0)
		throw malformed("the client uses an authorization identity, which is not supported");
	if (pairs.length < 3 || pairs.at(-1) !== "" || pairs.at(-2) !== "")
		throw malformed("the message has no end");
	const values = pairs
		.slice(0, -2)
		.map((pair) => /^([A-Za-z]+)=([\t\n\r\x20-\x7e]*)$/.exec(pair))
		.map((match) => {
			if (match === null) throw malformed("a key or a value is not of the form that it has to have");
			return [match[1], match[2]] as const;
		})
		.filter(([key]) => key === "auth");
	const [[, value] = []] = values;
	if (values.length !== 1 || value === undefined) throw malformed("it has to hold `auth` once");
	return bearerOf(value);
}

/** RFC 6750: the scheme in any case, then the token; an empty value asks where tokens come from. */
function bearerOf(value: string): string {
	if (value === "") return "";
	const token = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(value)?.[1];
	if (token === undefined) throw malformed("the value of `auth` is no bearer token");
	return token;
}

function malformed(why: string): ProtocolError {
	return new ProtocolError("message_malformed", `malformed OAUTHBEARER message: ${why}`);
}
