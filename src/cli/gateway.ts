import { createInterface } from "node:readline/promises";
import { Readable } from "node:stream";
import type { Command } from "commander";
import { isLoopback } from "../lib/index.ts";
import { CliError, GatewayFailure } from "./errors.ts";
import type { Terminal } from "./terminal.ts";

const DEFAULT_URL = "http://127.0.0.1:8080";

/** What every command that talks to a gateway takes. */
export interface GatewayOptions {
	readonly url: string;
	readonly token?: string;
}

/** Adds `--url` and `--token`, which also come from the environment. */
export function withGateway(command: Command, env: NodeJS.ProcessEnv): Command {
	const url = env["SALLYPORT_URL"] ?? DEFAULT_URL;
	return command
		.option("--url <url>", "the gateway's control listener; else SALLYPORT_URL", url)
		.option(
			"--token <token>",
			"the token to present; better in SALLYPORT_TOKEN, where other users don't see it",
		);
}

/** The HTTP client of the control plane. */
export class Gateway {
	readonly url: URL;
	readonly token: string;
	readonly #terminal: Terminal;

	/** Throws `token_missing`, `url_insecure` and, for what is no URL, `gateway_unreachable`. */
	constructor(options: GatewayOptions, env: NodeJS.ProcessEnv, terminal: Terminal) {
		this.url = readUrl(options.url);
		const token = (options.token ?? env["SALLYPORT_TOKEN"] ?? "").trim();
		if (token === "") throw new CliError("token_missing");
		this.token = token;
		this.#terminal = terminal;
	}

	/** Throws `GatewayFailure` with what the gateway says, or `CliError`. */
	async json<T>(method: string, path: string, body?: unknown): Promise<T> {
		const request =
			body === undefined
				? {}
				: { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
		const answer = await this.#call(method, path, request);
		try {
			return (await answer.json()) as T;
		} catch (cause) {
			throw new CliError("gateway_answer_invalid", undefined, { cause });
		}
	}

	/** An answer of one JSON value a line, as it arrives. */
	lines<T>(path: string): AsyncGenerator<T> {
		return this.#lines("GET", path, {});
	}

	/** The same for content that is sent. */
	linesFor<T>(path: string, content: Uint8Array<ArrayBuffer>, type: string): AsyncGenerator<T> {
		return this.#lines("POST", path, { body: content, headers: { "content-type": type } });
	}

	async *#lines<T>(
		method: string,
		path: string,
		request: { body?: Uint8Array<ArrayBuffer>; headers?: Record<string, string> },
	): AsyncGenerator<T> {
		const answer = await this.#call(method, path, request);
		if (answer.body === null) return;
		const input = Readable.fromWeb(answer.body as import("node:stream/web").ReadableStream);
		for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
			if (line !== "") yield parseLine<T>(line);
		}
	}

	async bytes(path: string): Promise<Buffer> {
		return Buffer.from(await (await this.#call("GET", path, {})).arrayBuffer());
	}

	async upload<T>(path: string, content: Uint8Array<ArrayBuffer>, type: string): Promise<T> {
		const answer = await this.#call("PUT", path, { body: content, headers: { "content-type": type } });
		return (await answer.json()) as T;
	}

	async #call(
		method: string,
		path: string,
		request: { body?: string | Uint8Array<ArrayBuffer>; headers?: Record<string, string> },
	) {
		const target = new URL(path, this.url);
		const headers = { ...request.headers, authorization: `Bearer ${this.token}` };
		const init: RequestInit = { ...request, method, headers, redirect: "error" };
		let answer: Response;
		try {
			answer = await this.#terminal.during(`waiting for ${this.url.host}`, fetch(target, init));
		} catch (cause) {
			throw new CliError("gateway_unreachable", `There is no answer from ${this.url.href}${why(cause)}.`, {
				cause,
			});
		}
		if (answer.ok) return answer;
		throw await failureOf(answer);
	}
}

/** The last line of an answer that broke off is not JSON. */
function parseLine<T>(line: string): T {
	try {
		return JSON.parse(line) as T;
	} catch (cause) {
		throw new CliError("gateway_answer_invalid", "The answer broke off.", { cause });
	}
}

function readUrl(text: string): URL {
	let url: URL;
	try {
		url = new URL(text.endsWith("/") ? text : `${text}/`);
	} catch (cause) {
		throw new CliError("gateway_unreachable", `${text} is not a URL.`, { cause });
	}
	if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) return url;
	if (url.protocol === "http:") throw new CliError("url_insecure");
	throw new CliError("gateway_unreachable", `${text} is neither an http nor an https URL.`);
}

async function failureOf(answer: Response): Promise<Error> {
	const failure: unknown = await answer.json().catch(() => undefined);
	const { code, message, remedy } = (failure ?? {}) as Partial<Record<"code" | "message" | "remedy", string>>;
	if (code === undefined || message === undefined || remedy === undefined) {
		return new CliError("gateway_answer_invalid", `The answer is ${answer.status} ${answer.statusText}.`);
	}
	return new GatewayFailure(code, message, remedy);
}

/** undici hides the reason one level down. */
function why(cause: unknown): string {
	const inner = (cause as { cause?: { code?: string; message?: string } }).cause;
	const reason = inner?.code ?? inner?.message;
	return reason === undefined ? "" : ` (${reason})`;
}
