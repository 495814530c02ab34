import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

export interface Posted {
	readonly url: string;
	readonly type: string | undefined;
	readonly encoding: string | undefined;
	readonly bytes: number;
	// biome-ignore lint/suspicious/noExplicitAny: what a test expects of it, it asserts.
	readonly body: any;
}

/** Takes status reports and decision logs, and answers as a test says. */
export class ReportServer {
	readonly posted: Posted[] = [];
	status = 200;
	readonly #server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on("data", (chunk) => chunks.push(chunk));
		request.on("end", () => {
			const body = Buffer.concat(chunks);
			const encoding = request.headers["content-encoding"];
			if (this.status === 200)
				this.posted.push({
					url: request.url ?? "",
					type: request.headers["content-type"],
					encoding,
					bytes: body.length,
					body: JSON.parse((encoding === "gzip" ? gunzipSync(body) : body).toString()),
				});
			response.writeHead(this.status).end();
		});
	});

	async start(): Promise<string> {
		await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
	}

	/** Events of all chunks. */
	get events() {
		return this.posted.filter(({ url }) => url.startsWith("/logs")).flatMap(({ body }) => body);
	}

	async stop(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}
}
