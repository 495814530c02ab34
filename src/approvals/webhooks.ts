import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { describeThrown, isTrustworthyUrl, type Log } from "../lib/index.ts";
import type { WebhookConfig } from "./config.ts";
import { ApprovalError } from "./errors.ts";
import type { ApprovalEvent } from "./events.ts";

const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 500;
const TIMEOUT_MS = 5_000;
/** A receiver that is slower than the requests come loses the oldest of them, not the gateway its memory. */
const MAX_QUEUED = 500;

/**
 * Tells one receiver of requests and answers: a POST with `{"event", "at", "approval"}` as JSON. Its header
 * `sallyport-signature: t=SECONDS,v1=HEX` carries HMAC-SHA256 over `SECONDS.BODY`; a receiver checks both, and that
 * the time is recent. One delivery at a time, in order; each is tried five times within some 15 s (longer where the
 * receiver stalls) and then given up. Nothing waits for it.
 */
export class Webhook {
	readonly #config: WebhookConfig;
	readonly #log: Log;
	readonly #stop = new AbortController();
	#queue: ApprovalEvent[] = [];
	#sending = false;

	/** Throws `approval_webhook_invalid` for an address that isn't https and isn't on this machine. */
	constructor(config: WebhookConfig, log: Log) {
		if (!isTrustworthyUrl(config.url)) {
			throw new ApprovalError("approval_webhook_invalid", `The webhook ${config.url} has to be https.`);
		}
		this.#config = config;
		this.#log = log;
	}

	/** Returns at once. */
	notify(event: ApprovalEvent): void {
		if (this.#queue.length >= MAX_QUEUED) {
			const lost = this.#queue.shift();
			this.#log.error({ approval: lost?.approval.id }, "a webhook is too slow: a notification was dropped");
		}
		this.#queue.push(event);
		if (!this.#sending) void this.#drain();
	}

	/** Gives up what was not delivered. */
	close(): void {
		this.#queue = [];
		this.#stop.abort();
	}

	async #drain(): Promise<void> {
		this.#sending = true;
		for (let event = this.#queue.shift(); event !== undefined; event = this.#queue.shift()) {
			await this.#deliver(event);
		}
		this.#sending = false;
	}

	/** Never rejects. */
	async #deliver(event: ApprovalEvent): Promise<void> {
		const approval = event.approval.id;
		const body = JSON.stringify({ ...event, at: new Date(event.at).toISOString() });
		for (let attempt = 1; attempt <= ATTEMPTS && !this.#stop.signal.aborted; attempt += 1) {
			try {
				await this.#post(body);
				return;
			} catch (error) {
				this.#log.warn(
					{ approval, attempt, reason: describeThrown(error) },
					"a webhook did not take a notification",
				);
			}
			if (attempt < ATTEMPTS) await this.#pause(FIRST_PAUSE_MS * 3 ** (attempt - 1));
		}
		this.#log.error({ approval }, "a notification could not be delivered");
	}

	async #post(body: string): Promise<void> {
		const { url, secret } = this.#config;
		const time = Math.floor(Date.now() / 1000);
		const signature = createHmac("sha256", secret.reveal()).update(`${time}.${body}`).digest("hex");
		const response = await fetch(url, {
			method: "POST",
			body,
			redirect: "error",
			headers: { "content-type": "application/json", "sallyport-signature": `t=${time},v1=${signature}` },
			signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(TIMEOUT_MS)]),
		});
		await response.body?.cancel();
		if (!response.ok) throw new Error(`status ${response.status}`);
	}

	async #pause(ms: number): Promise<void> {
		// Rejects when closed; the loop then sees that.
		await sleep(ms, undefined, { signal: this.#stop.signal, ref: false }).catch(() => {});
	}
}
