import { backoff, between } from "../backoff.ts";
import { Poller } from "../bundle/poller.ts";
import { PolicyError } from "../errors.ts";
import type { ServiceClient } from "../services/client.ts";
import { ExchangeFailure } from "../services/exchange.ts";
import type { LogBuffer } from "./buffer.ts";
import type { ReportingConfig } from "./config.ts";
import type { DecisionLogCounters } from "./counters.ts";
import type { Chunk } from "./packer.ts";

/** An answer is not read for what it says. */
const MAX_ANSWER_BYTES = 64 << 10;

export interface UploaderOptions {
	readonly client: ServiceClient;
	readonly resource: string;
	readonly reporting: ReportingConfig;
	readonly buffer: LogBuffer;
	readonly counters: DecisionLogCounters;
	/** Told after each round: null, or why it failed. */
	readonly onRound: (error: PolicyError | null) => void;
}

/** Uploads what the buffer holds, again and again; what a service doesn't take goes back and is tried later. */
export class Uploader {
	readonly #options: UploaderOptions;
	readonly #poller: Poller;
	readonly #stopping = new AbortController();
	#failures = 0;

	constructor(options: UploaderOptions) {
		this.#options = options;
		this.#poller = new Poller({ attempt: () => this.#round(), delay: () => this.#delay() });
	}

	start(): void {
		this.#poller.start();
	}

	/** Uploads now; resolves when that round is over. */
	async trigger(): Promise<void> {
		await this.#poller.trigger();
	}

	/** One last round, of at most so long. */
	async stop(lastRoundMs: number): Promise<void> {
		const late = setTimeout(() => this.#stopping.abort(), lastRoundMs);
		await this.#poller.trigger();
		clearTimeout(late);
		this.#stopping.abort();
		await this.#poller.stop();
	}

	#delay(): number {
		const { trigger, min_delay_seconds: least, max_delay_seconds: most } = this.#options.reporting;
		if (trigger === "manual") return Number.POSITIVE_INFINITY;
		if (this.#failures > 0) return backoff(this.#failures, most * 1000);
		return between(least * 1000, most * 1000);
	}

	async #round(): Promise<void> {
		const { buffer, counters, onRound } = this.#options;
		const chunks = await buffer.drain();
		for (const [index, chunk] of chunks.entries()) {
			try {
				await this.#upload(chunk);
			} catch (thrown) {
				buffer.putBack(chunks.slice(index));
				this.#failures++;
				counters.failedUploads++;
				onRound(uploadError(thrown));
				return;
			}
			counters.uploadedChunks++;
			counters.uploadedEvents += chunk.events;
		}
		this.#failures = 0;
		onRound(null);
	}

	async #upload({ body }: Chunk): Promise<void> {
		const { client, resource } = this.#options;
		const { status } = await client.send({
			method: "POST",
			path: resource,
			headers: { "content-type": "application/json", "content-encoding": "gzip" },
			body,
			maxBytes: MAX_ANSWER_BYTES,
			signal: this.#stopping.signal,
		});
		if (status < 200 || status >= 300) {
			throw new PolicyError("decision_log_upload", undefined, {
				operator: `${client.url(resource).href} answered with status ${status}`,
				httpStatus: status,
			});
		}
	}
}

function uploadError(thrown: unknown): PolicyError {
	if (thrown instanceof PolicyError) return thrown;
	const operator = thrown instanceof ExchangeFailure ? thrown.message : String(thrown);
	return new PolicyError("decision_log_upload", undefined, { operator, cause: thrown });
}
