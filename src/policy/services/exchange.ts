import { type IncomingHttpHeaders, type IncomingMessage, request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { describeThrown } from "../../lib/index.ts";

/** What a TLS connection is made with; all of it PEM. */
export interface TlsMaterial {
	readonly ca?: string[];
	readonly cert?: string;
	readonly key?: string;
	readonly passphrase?: string;
}

export interface Exchange {
	readonly method: "GET" | "POST" | "PUT";
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: Buffer;
	readonly tls: TlsMaterial;
	/** Milliseconds until the answer's headers have to be there. */
	readonly headerTimeoutMs: number;
	/** Of the answer's body. */
	readonly maxBytes: number;
	readonly signal: AbortSignal;
}

export interface Answer {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	/** Empty but for a 2xx. */
	readonly body: Buffer;
}

/** Why an exchange came to nothing; whoever asked for it gives it a code. */
export class ExchangeFailure extends Error {
	readonly kind: "unreachable" | "truncated" | "too_large";

	constructor(kind: ExchangeFailure["kind"], message: string, cause?: unknown) {
		super(message, { cause });
		this.kind = kind;
	}
}

/** A stalled body ends an exchange after this long without a byte. */
const IDLE_MS = 30_000;

/** A body that trickles ends an exchange after this long in all, from its headers on. */
const BODY_MS = 300_000;

/**
 * One request and its answer, on a connection of its own. Redirects are not followed, so that credentials go nowhere
 * else. Throws ExchangeFailure.
 */
export async function exchange(url: URL, options: Exchange): Promise<Answer> {
	let response: IncomingMessage;
	try {
		response = await ask(url, options);
	} catch (thrown) {
		throw new ExchangeFailure("unreachable", `${url.href}: ${describeThrown(thrown)}`, thrown);
	}
	const status = response.statusCode ?? 0;
	const body = status >= 200 && status < 300 ? await readBody(response, options.maxBytes) : Buffer.alloc(0);
	response.destroy();
	return { status, headers: response.headers, body };
}

function ask(url: URL, { method, headers, body, tls, headerTimeoutMs, signal }: Exchange) {
	const request = (url.protocol === "https:" ? overHttps : overHttp)(url, {
		method,
		headers: body === undefined ? headers : { ...headers, "content-length": String(body.length) },
		agent: false,
		signal,
		...tls,
	});
	return new Promise<IncomingMessage>((resolve, reject) => {
		const late = setTimeout(
			() => request.destroy(new Error(`no answer within ${headerTimeoutMs / 1000} s`)),
			headerTimeoutMs,
		);
		request.on("error", reject);
		request.on("close", () => clearTimeout(late));
		request.on("response", (response) => {
			clearTimeout(late);
			response.setTimeout(IDLE_MS, () => response.destroy(new Error("the answer stalled")));
			resolve(response);
		});
		request.end(body);
	});
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let length = 0;
	const late = setTimeout(() => response.destroy(new Error("the answer took too long")), BODY_MS);
	try {
		for await (const chunk of response) {
			length += chunk.length;
			if (length > maxBytes)
				throw new ExchangeFailure("too_large", `an answer of more than ${maxBytes} bytes`);
			chunks.push(chunk);
		}
	} catch (thrown) {
		if (thrown instanceof ExchangeFailure) throw thrown;
		throw new ExchangeFailure("truncated", describeThrown(thrown), thrown);
	} finally {
		clearTimeout(late);
	}
	return Buffer.concat(chunks);
}
