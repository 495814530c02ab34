import { readFileSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { describeThrown } from "../../lib/index.ts";
import type { ServiceConfig } from "../config.ts";
import { PolicyError } from "../errors.ts";
import { tooLarge } from "./files.ts";

export interface HttpGetOptions {
	readonly service: ServiceConfig;
	readonly headers: Readonly<Record<string, string>>;
	readonly maxBytes: number;
	readonly signal: AbortSignal;
}

export interface HttpAnswer {
	readonly status: number;
	readonly etag: string | undefined;
	readonly body: Buffer;
}

/** A stalled body ends a request after this long without a byte. */
const IDLE_MS = 30_000;

/** A body that trickles ends a request after this long in all. */
const TOTAL_MS = 300_000;

/**
 * One GET with the service's credentials; redirects are not followed, so that the credentials go nowhere else. Throws
 * PolicyError (bundle_unreachable, bundle_truncated when the body ends early, bundle_too_large).
 */
export async function httpGet(url: URL, options: HttpGetOptions): Promise<HttpAnswer> {
	let response: IncomingMessage;
	try {
		response = await ask(url, options);
	} catch (thrown) {
		throw new PolicyError("bundle_unreachable", undefined, {
			operator: `${url.href}: ${describeThrown(thrown)}`,
			cause: thrown,
		});
	}
	const body = response.statusCode === 200 ? await readBody(response, options.maxBytes) : Buffer.alloc(0);
	response.destroy();
	return { status: response.statusCode ?? 0, etag: response.headers.etag, body };
}

function ask(url: URL, { service, headers, signal }: HttpGetOptions): Promise<IncomingMessage> {
	const token = service.credentials?.bearer.token.reveal();
	const request = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, {
		headers: {
			accept: "application/vnd.openpolicyagent.bundles, application/gzip, application/octet-stream",
			...service.headers,
			...headers,
			...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
		},
		signal: AbortSignal.any([signal, AbortSignal.timeout(TOTAL_MS)]),
		...(service.tls === undefined ? {} : { ca: readFileSync(service.tls.ca_cert) }),
	});
	const seconds = service.response_header_timeout_seconds;
	return new Promise((resolve, reject) => {
		const late = setTimeout(
			() => request.destroy(new Error(`no answer within ${seconds} s`)),
			seconds * 1000,
		);
		request.on("error", reject);
		request.on("close", () => clearTimeout(late));
		request.on("response", (response) => {
			clearTimeout(late);
			response.setTimeout(IDLE_MS, () => response.destroy(new Error("the answer stalled")));
			resolve(response);
		});
		request.end();
	});
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let length = 0;
	try {
		for await (const chunk of response) {
			length += chunk.length;
			if (length > maxBytes) throw tooLarge(`an answer of more than ${maxBytes} bytes`);
			chunks.push(chunk);
		}
	} catch (thrown) {
		if (thrown instanceof PolicyError) throw thrown;
		throw new PolicyError("bundle_truncated", undefined, { operator: describeThrown(thrown), cause: thrown });
	}
	return Buffer.concat(chunks);
}
