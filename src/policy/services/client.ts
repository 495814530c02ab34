import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import { describeThrown } from "../../lib/index.ts";
import type { KeyConfig } from "../config.ts";
import { PolicyError } from "../errors.ts";
import type { ServiceConfig } from "./config.ts";
import { type Credential, credentialOf } from "./credentials.ts";
import { type Answer, exchange, type TlsMaterial } from "./exchange.ts";

export interface ServiceRequest {
	readonly method: "GET" | "POST";
	/** Below the service's URL. */
	readonly path: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: Buffer;
	/** How much longer than usual the answer's headers may take, in milliseconds: a long poll's wait. */
	readonly patienceMs?: number;
	readonly maxBytes: number;
	readonly signal: AbortSignal;
}

/** A configured service: its address, its trust, its credential. */
export class ServiceClient {
	readonly #config: ServiceConfig;
	readonly #credential: Credential;

	constructor(config: ServiceConfig, keys: Readonly<Record<string, KeyConfig>>) {
		this.#config = config;
		this.#credential = credentialOf(config, keys);
	}

	url(path: string): URL {
		return new URL(`${this.#config.url.replace(/\/+$/, "")}/${path.replace(/^\/+|\/+$/g, "")}`);
	}

	/** Sends one request. Throws ExchangeFailure, and PolicyError service_credentials when no credential can be had. */
	async send(request: ServiceRequest): Promise<Answer> {
		const url = this.url(request.path);
		const own = { "user-agent": "sallyport", ...lowered(this.#config.headers), ...request.headers };
		const { tls, credential } = await this.#prove(url, request, own);
		return await exchange(url, {
			method: request.method,
			headers: { ...own, ...credential },
			...(request.body === undefined ? {} : { body: request.body }),
			tls,
			headerTimeoutMs: this.#config.response_header_timeout_seconds * 1000 + (request.patienceMs ?? 0),
			maxBytes: request.maxBytes,
			signal: request.signal,
		});
	}

	async #prove(url: URL, request: ServiceRequest, headers: Readonly<Record<string, string>>) {
		try {
			const trust = trustOf(this.#config);
			const credential = await this.#credential.headers({
				method: request.method,
				url,
				headers,
				body: request.body ?? Buffer.alloc(0),
				tls: trust,
				signal: request.signal,
			});
			return { tls: { ...trust, ...this.#credential.tls() }, credential };
		} catch (thrown) {
			throw new PolicyError("service_credentials", undefined, {
				operator: `${this.#config.url}: ${describeThrown(thrown)}`,
				cause: thrown,
			});
		}
	}
}

function trustOf({ tls }: ServiceConfig): TlsMaterial {
	if (tls === undefined) return {};
	const own = readFileSync(tls.ca_cert, "utf8");
	return { ca: tls.system_ca_required ? [...rootCertificates, own] : [own] };
}

function lowered(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
