import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";

/** A key pair that the issuer publishes, or doesn't. */
export interface SigningKey {
	readonly kid: string;
	readonly algorithm: string;
	readonly privateKey: CryptoKey;
	readonly publicJwk: JWK;
}

export async function makeSigningKey(kid: string, algorithm = "ES256"): Promise<SigningKey> {
	const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
	return {
		kid,
		algorithm,
		privateKey,
		publicJwk: { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: "sig" },
	};
}

/** Serves a handler on a free port of 127.0.0.1. */
export async function serveHttp(handler: RequestListener): Promise<{ url: string; close(): Promise<void> }> {
	const server = createServer(handler);
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: () =>
			new Promise<void>((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

/** An issuer of JWTs with its discovery document and keys served over HTTP. What it publishes can be changed. */
export interface Issuer {
	readonly url: string;
	/** The key that it signs with and publishes first. */
	readonly key: SigningKey;
	published: JWK[];
	/** What the discovery document says; change it to make it lie. */
	discovery: Record<string, unknown>;
	/** Set to make every answer an error. */
	down: boolean;
	/** How often the keys were fetched. */
	readonly fetches: () => number;
	/** A token of this issuer for `sallyport` that is valid for five minutes, but for what is given. */
	sign(
		claims?: JWTPayload,
		options?: { key?: SigningKey; header?: Record<string, unknown> },
	): Promise<string>;
	close(): Promise<void>;
}

export async function startIssuer(): Promise<Issuer> {
	const key = await makeSigningKey("first");
	let fetches = 0;
	const { url, close } = await serveHttp((request, response) => {
		if (request.url === "/jwks") fetches += 1;
		if (issuer.down) {
			response.writeHead(503).end();
			return;
		}
		const body = request.url === "/jwks" ? { keys: issuer.published } : issuer.discovery;
		response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
	});
	const issuer: Issuer = {
		url,
		key,
		published: [key.publicJwk],
		discovery: { issuer: url, jwks_uri: `${url}/jwks` },
		down: false,
		fetches: () => fetches,
		sign: (claims = {}, options = {}) => {
			const now = Math.floor(Date.now() / 1000);
			const signer = options.key ?? key;
			const payload = { iss: url, aud: "sallyport", sub: "dana", iat: now, exp: now + 300, ...claims };
			return new SignJWT(payload)
				.setProtectedHeader({ alg: signer.algorithm, kid: signer.kid, ...options.header })
				.sign(signer.privateKey);
		},
		close,
	};
	return issuer;
}
