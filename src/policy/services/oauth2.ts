import { createPrivateKey, createSecretKey, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { SignJWT } from "jose";
import type { KeyConfig } from "../config.ts";
import type { OAuth2Config } from "./config.ts";
import type { OutgoingRequest } from "./credentials.ts";
import { exchange } from "./exchange.ts";

const TOKEN_TIMEOUT_MS = 10_000;
const MAX_TOKEN_ANSWER = 1 << 20;

/** A token that ends sooner is asked for anew. */
const LEAST_LIFETIME_MS = 10_000;

const ASSERTION_SECONDS = 600;

/**
 * The OAuth 2.0 client credentials grant (RFC 6749, 4.4), with a secret or an assertion, and the JWT bearer grant
 * (RFC 7523). The token is kept until shortly before its end.
 */
export function oauth2(config: OAuth2Config, keys: Readonly<Record<string, KeyConfig>>) {
	let kept: { readonly token: string; readonly until: number } | undefined;
	return async (request: OutgoingRequest): Promise<Readonly<Record<string, string>>> => {
		if (kept === undefined || kept.until - Date.now() < LEAST_LIFETIME_MS)
			kept = await requestToken(config, keys, request);
		return { authorization: `Bearer ${kept.token}` };
	};
}

async function requestToken(
	config: OAuth2Config,
	keys: Readonly<Record<string, KeyConfig>>,
	{ tls, signal }: OutgoingRequest,
): Promise<{ token: string; until: number }> {
	const { status, body } = await exchange(new URL(config.token_url), {
		method: "POST",
		headers: { "content-type": "application/x-www-form-urlencoded", ...requestHeaders(config) },
		body: Buffer.from((await requestFields(config, keys)).toString()),
		tls,
		headerTimeoutMs: TOKEN_TIMEOUT_MS,
		maxBytes: MAX_TOKEN_ANSWER,
		signal,
	});
	if (status !== 200) throw new Error(`${config.token_url} answered with status ${status}`);
	const answer = JSON.parse(body.toString("utf8")) as Record<string, unknown>;
	const { access_token: token, token_type: type, expires_in: seconds } = answer;
	if (typeof token !== "string" || token.trim() === "" || String(type).toLowerCase() !== "bearer")
		throw new Error(`${config.token_url} answered without a bearer token`);
	const lifetime = typeof seconds === "number" && seconds > 0 ? seconds * 1000 : 0;
	return { token: token.trim(), until: Date.now() + lifetime };
}

function requestHeaders(config: OAuth2Config): Record<string, string> {
	const { client_id: id = "", client_secret: secret, additional_headers: more = {} } = config;
	if (secret === undefined || config.grant_type !== "client_credentials") return { ...more };
	const basic = Buffer.from(`${id}:${secret.reveal()}`).toString("base64");
	return { authorization: `Basic ${basic}`, ...more };
}

async function requestFields(
	config: OAuth2Config,
	keys: Readonly<Record<string, KeyConfig>>,
): Promise<URLSearchParams> {
	const fields = new URLSearchParams();
	if (config.scopes !== undefined && config.scopes.length > 0) fields.set("scope", config.scopes.join(" "));
	for (const [name, value] of Object.entries(config.additional_parameters ?? {})) fields.set(name, value);
	if (config.grant_type === "jwt_bearer") {
		fields.set("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
		fields.set("assertion", await signedAssertion(config, keys));
		return fields;
	}
	fields.set("grant_type", "client_credentials");
	const assertion = await clientAssertion(config, keys);
	if (assertion !== undefined) {
		if (config.client_id !== undefined) fields.set("client_id", config.client_id);
		fields.set("client_assertion_type", config.client_assertion_type);
		fields.set("client_assertion", assertion);
	}
	return fields;
}

async function clientAssertion(
	config: OAuth2Config,
	keys: Readonly<Record<string, KeyConfig>>,
): Promise<string | undefined> {
	if (config.signing_key !== undefined) return signedAssertion(config, keys);
	if (config.client_assertion_path !== undefined)
		return readFileSync(config.client_assertion_path, "utf8").trim();
	return config.client_assertion?.reveal();
}

async function signedAssertion(
	config: OAuth2Config,
	keys: Readonly<Record<string, KeyConfig>>,
): Promise<string> {
	const key = keys[config.signing_key ?? ""];
	if (key?.private_key === undefined) throw new Error(`the key ${config.signing_key} has no private half`);
	const now = Math.floor(Date.now() / 1000);
	const scope = config.scopes === undefined ? {} : { scope: config.scopes.join(" ") };
	const jti = config.include_jti_claim ? { jti: randomUUID() } : {};
	const x5t =
		config.thumbprint === undefined
			? {}
			: { x5t: Buffer.from(config.thumbprint, "hex").toString("base64url") };
	const secret = key.private_key.reveal();
	return await new SignJWT({
		iat: now,
		exp: now + ASSERTION_SECONDS,
		...config.additional_claims,
		...scope,
		...jti,
	})
		.setProtectedHeader({ typ: "JWT", alg: key.algorithm, ...x5t })
		.sign(key.algorithm.startsWith("HS") ? createSecretKey(Buffer.from(secret)) : createPrivateKey(secret));
}
