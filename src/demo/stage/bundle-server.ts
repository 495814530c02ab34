import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** The least that a bundle server is: gateways poll one bundle by its entity tag, and whoever has the token puts it. */
export interface BundleServer {
	readonly url: string;
	/** What gateways present. */
	readonly readToken: string;
	/** Publishes an archive as a deployment pipeline would, over HTTP. */
	push(archive: Uint8Array): Promise<void>;
	stop(): Promise<void>;
}

export const BUNDLE_PATH = "/bundles/shop";

export async function startBundleServer(): Promise<BundleServer> {
	const readToken = randomBytes(24).toString("base64url");
	const pushToken = randomBytes(24).toString("base64url");
	let current: { readonly archive: Buffer; readonly etag: string } | undefined;

	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const wanted = request.method === "PUT" ? pushToken : readToken;
		if (!bearerIs(request, wanted)) return end(response, 401);
		if (request.url !== BUNDLE_PATH) return end(response, 404);
		if (request.method === "PUT") {
			const archive = await buffer(request);
			current = { archive, etag: `"${createHash("sha256").update(archive).digest("hex")}"` };
			return end(response, 204);
		}
		if (current === undefined) return end(response, 404);
		response.setHeader("etag", current.etag);
		if (request.headers["if-none-match"] === current.etag) return end(response, 304);
		response.setHeader("content-type", "application/gzip");
		response.end(current.archive);
	};

	const server = createServer((request, response) => {
		answer(request, response).catch(() => response.destroy());
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		...{ url, readToken },
		push: async (archive) => {
			const headers = { authorization: `Bearer ${pushToken}`, "content-type": "application/gzip" };
			const { status } = await fetch(`${url}${BUNDLE_PATH}`, { method: "PUT", headers, body: archive });
			if (status !== 204) throw new Error(`the bundle server answered ${status} to a push`);
		},
		stop: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
}

function end(response: ServerResponse, status: number): void {
	response.statusCode = status;
	response.end();
}

function bearerIs(request: IncomingMessage, token: string): boolean {
	const given = Buffer.from(request.headers.authorization ?? "");
	const wanted = Buffer.from(`Bearer ${token}`);
	return given.length === wanted.length && timingSafeEqual(given, wanted);
}
