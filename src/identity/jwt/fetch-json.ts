import { describeThrown } from "../../lib/index.ts";
import { IdentityError } from "../errors.ts";

const MAX_BYTES = 1024 * 1024;
const TIMEOUT_MS = 5_000;

/**
 * Fetches a JSON document of an identity provider: no redirects (they could lead off the configured host), at most
 * 1 MiB, at most 5 s for all of it. Throws `identity_provider_unavailable`.
 */
export async function fetchJson(url: string): Promise<unknown> {
	try {
		const response = await fetch(url, {
			redirect: "error",
			signal: AbortSignal.timeout(TIMEOUT_MS),
			headers: { accept: "application/json, application/jwk-set+json" },
		});
		if (response.status !== 200) {
			await response.body?.cancel();
			throw new Error(`status ${response.status}`);
		}
		return JSON.parse(await boundedText(response));
	} catch (error) {
		throw new IdentityError("identity_provider_unavailable", undefined, {
			operator: `${url}: ${describeThrown(error)}`,
			cause: error,
		});
	}
}

async function boundedText(response: Response): Promise<string> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	for await (const chunk of response.body ?? []) {
		size += chunk.byteLength;
		if (size > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes`);
		chunks.push(chunk);
	}
	return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
}
