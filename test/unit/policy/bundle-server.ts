import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A bundle server on loopback whose answers a test sets; it keeps what it was asked. */
export class BundleServer {
	readonly requests: {
		etag: string | undefined;
		authorization: string | undefined;
		prefer: string;
		url: string;
		labels: string | string[] | undefined;
	}[] = [];
	/** What is served; undefined answers 500. */
	archive: Buffer | undefined;
	/** Takes the place of the usual answer. */
	respond: ((response: ServerResponse, request: IncomingMessage) => void) | undefined;
	readonly #server = createServer((request, response) => this.#answer(request, response));

	async start(): Promise<string> {
		await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	async stop(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	get etag(): string {
		return `"${createHash("sha256")
			.update(this.archive ?? "")
			.digest("hex")}"`;
	}

	#answer(request: IncomingMessage, response: ServerResponse): void {
		const etag = request.headers["if-none-match"];
		const { authorization, prefer = "" } = request.headers;
		const labels = request.headers["sallyport-labels"];
		this.requests.push({ etag, authorization, prefer: String(prefer), url: request.url ?? "", labels });
		if (this.respond !== undefined) this.respond(response, request);
		else if (this.archive === undefined) response.writeHead(500).end("out of order");
		else if (etag === this.etag) response.writeHead(304).end();
		else response.writeHead(200, { etag: this.etag, "content-type": "application/gzip" }).end(this.archive);
	}
}
