import { hash } from "node:crypto";
import { backoff, between } from "../backoff.ts";
import { PolicyError } from "../errors.ts";
import type { PollingConfig } from "../fetching.ts";
import type { ServiceClient } from "../services/client.ts";
import { type Answer, ExchangeFailure } from "../services/exchange.ts";
import { ETags } from "./etags.ts";
import { type BundleLimits, tooLarge } from "./files.ts";
import type { BundleSource, Fetched } from "./source.ts";

/** The type that announces long polling, to the letter. */
const BUNDLES = "application/vnd.openpolicyagent.bundles";

/** Long polls that are answered sooner than this follow one another no faster. */
const LEAST_BETWEEN_POLLS_MS = 100;

export interface HttpSourceOptions {
	readonly client: ServiceClient;
	readonly resource: string;
	readonly polling: PollingConfig;
	readonly limits: BundleLimits;
	/** Whether delta bundles are asked for. */
	readonly deltas: boolean;
	/** Who asks: a server of ours gives some gateways another revision by them. */
	readonly labels: Readonly<Record<string, string>>;
}

/**
 * A bundle server, asked as OPA asks one: by polling, long where the server can, with the ETag of the last bundle that
 * was activated.
 */
export class HttpSource implements BundleSource {
	readonly origin = "service";
	readonly #options: HttpSourceOptions;
	readonly #etags: ETags;
	/** The digest of the bundle in force: a server without entity tags sends the same again and again. */
	#active = "";
	#longPolling: boolean;
	#polledAt = Number.NEGATIVE_INFINITY;

	constructor(options: HttpSourceOptions) {
		this.#options = options;
		this.#etags = new ETags(options.polling.superseded_etag_ttl_seconds * 1000);
		this.#longPolling = options.polling.long_polling_timeout_seconds !== undefined;
	}

	async fetch(signal: AbortSignal, patient: boolean): Promise<Fetched | "current"> {
		const { polling, limits, deltas, labels } = this.#options;
		const waitSeconds = patient && this.#longPolling ? (polling.long_polling_timeout_seconds ?? 0) : 0;
		const known = this.#etags.header();
		this.#polledAt = performance.now();
		const answer = await this.#ask(
			{
				accept: `${BUNDLES}, application/gzip, application/octet-stream`,
				prefer: `modes=snapshot${deltas ? ",delta" : ""}${waitSeconds > 0 ? `;wait=${waitSeconds}` : ""}`,
				...(known === undefined ? {} : { "if-none-match": known }),
				...labelsHeader(labels),
			},
			waitSeconds * 1000,
			signal,
		);
		if (answer.status === 304 && known !== undefined) return "current";
		if (answer.status !== 200) {
			throw new PolicyError("bundle_unreachable", undefined, {
				operator: `${this.#url.href} answered with status ${answer.status}`,
				httpStatus: answer.status,
			});
		}
		const digest = hash("sha256", answer.body);
		const isKnown = digest === this.#active;
		this.#longPolling =
			polling.long_polling_timeout_seconds !== undefined && answer.headers["content-type"] === BUNDLES;
		const activated = () => {
			this.#active = digest;
			this.#etags.activated(answer.headers.etag);
		};
		if (!isKnown) return { content: { archive: answer.body, limits }, activated };
		activated();
		return "current";
	}

	/** A random time between the bounds; none between long polls; after failures longer each time. */
	delay(failures: number): number {
		const { min_delay_seconds, max_delay_seconds } = this.#options.polling;
		if (failures > 0) return backoff(failures, max_delay_seconds * 1000);
		if (this.#longPolling) return Math.max(0, this.#polledAt + LEAST_BETWEEN_POLLS_MS - performance.now());
		return between(min_delay_seconds * 1000, max_delay_seconds * 1000);
	}

	get #url(): URL {
		return this.#options.client.url(this.#options.resource);
	}

	async #ask(
		headers: Readonly<Record<string, string>>,
		patienceMs: number,
		signal: AbortSignal,
	): Promise<Answer> {
		const { client, resource, limits } = this.#options;
		try {
			return await client.send({
				method: "GET",
				path: resource,
				headers,
				patienceMs,
				maxBytes: limits.bytes,
				signal,
			});
		} catch (thrown) {
			if (!(thrown instanceof ExchangeFailure)) throw thrown;
			if (thrown.kind === "too_large") throw tooLarge(thrown.message);
			const code = thrown.kind === "truncated" ? "bundle_truncated" : "bundle_unreachable";
			throw new PolicyError(code, undefined, { operator: thrown.message, cause: thrown });
		}
	}
}

function labelsHeader(labels: Readonly<Record<string, string>>): Record<string, string> {
	const text = Object.entries(labels)
		.map((pair) => pair.map(encodeURIComponent).join("="))
		.join(", ");
	return text === "" ? {} : { "sallyport-labels": text };
}
