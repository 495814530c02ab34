import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { UpstreamError } from "./errors.ts";
import { saltedPassword } from "./salted.ts";
import { saslprep } from "./saslprep.ts";

const NONCE_BYTES = 18;
/** Ten times what anybody configures; it bounds the work that a server can ask for to a few seconds. */
const MAX_ITERATIONS = 10_000_000;

/** What the client says of channel binding in its first message (the gs2 header). */
export type ChannelBinding =
	/** Not possible here (no TLS). */
	| { readonly type: "none" }
	/** Possible, but the server did not offer it: a server that did will notice that somebody took it out. */
	| { readonly type: "not_offered" }
	/** The hash of the server's certificate, as RFC 5929 has it. */
	| { readonly type: "tls-server-end-point"; readonly data: Buffer };

/**
 * The client's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, 7677) as PostgreSQL speaks it: the user name
 * is left empty, the server takes it from the start-up. Use: `first`, then `final` with the server's first message,
 * then `verify` with its last; only after that the server has shown that it knows the password.
 */
export class ScramClient {
	readonly #password: string;
	readonly #gs2Header: string;
	readonly #bindingData: Buffer;
	readonly #nonce: string;
	#serverSignature: Buffer | null = null;

	constructor(
		password: string,
		binding: ChannelBinding,
		nonce = randomBytes(NONCE_BYTES).toString("base64"),
	) {
		this.#password = saslprep(password);
		this.#gs2Header = { none: "n,,", not_offered: "y,,", "tls-server-end-point": "p=tls-server-end-point,," }[
			binding.type
		];
		this.#bindingData = binding.type === "tls-server-end-point" ? binding.data : Buffer.alloc(0);
		this.#nonce = nonce;
	}

	first(): string {
		return `${this.#gs2Header}${this.#firstBare()}`;
	}

	/** @throws UpstreamError `upstream_protocol` when the server's message is not what RFC 5802 says */
	async final(serverFirst: string): Promise<string> {
		const { nonce, salt, iterations } = readServerFirst(serverFirst);
		if (!nonce.startsWith(this.#nonce) || nonce.length === this.#nonce.length) throw malformed("nonce");
		const salted = await saltedPassword(this.#password, salt, iterations);
		const clientKey = hmac(salted, "Client Key");
		const binding = Buffer.concat([Buffer.from(this.#gs2Header), this.#bindingData]).toString("base64");
		const withoutProof = `c=${binding},r=${nonce}`;
		const authMessage = `${this.#firstBare()},${serverFirst},${withoutProof}`;
		const signature = hmac(createHash("sha256").update(clientKey).digest(), authMessage);
		const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
		this.#serverSignature = hmac(hmac(salted, "Server Key"), authMessage);
		return `${withoutProof},p=${proof.toString("base64")}`;
	}

	/** @throws UpstreamError `upstream_not_authentic` when the server's signature is wrong */
	verify(serverFinal: string): void {
		const attributes = readAttributes(serverFinal);
		const refused = attributes.get("e");
		if (refused !== undefined) {
			throw new UpstreamError("upstream_authentication_failed", { operator: `SCRAM: ${refused}` });
		}
		const signature = base64(attributes.get("v"));
		const expected = this.#serverSignature;
		if (expected === null || signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
			throw new UpstreamError("upstream_not_authentic");
		}
	}

	#firstBare(): string {
		return `n=,r=${this.#nonce}`;
	}
}

function readServerFirst(message: string): { nonce: string; salt: Buffer; iterations: number } {
	const match = /^r=([\x21-\x2b\x2d-\x7e]+),s=([A-Za-z0-9+/]+={0,2}),i=([1-9]\d{0,9})(?:,.*)?$/s.exec(
		message,
	);
	if (match === null) throw malformed("first message");
	const iterations = Number(match[3]);
	if (iterations > MAX_ITERATIONS) throw malformed(`${iterations} iterations`);
	return { nonce: match[1] ?? "", salt: base64(match[2]), iterations };
}

function readAttributes(message: string): ReadonlyMap<string, string> {
	return new Map(
		message.split(",").map((part) => [part.slice(0, 1), part.startsWith("=", 1) ? part.slice(2) : ""]),
	);
}

function base64(text: string | undefined): Buffer {
	if (text === undefined || !/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0)
		throw malformed("base64");
	return Buffer.from(text, "base64");
}

function hmac(key: Buffer, data: string): Buffer {
	return createHmac("sha256", key).update(data).digest();
}

function malformed(what: string): UpstreamError {
	return new UpstreamError("upstream_protocol", {
		operator: `malformed SCRAM message from the server: ${what}`,
	});
}
