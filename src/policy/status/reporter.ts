import type { Log } from "../../lib/index.ts";
import { backoff } from "../backoff.ts";
import { Poller } from "../bundle/poller.ts";
import { PolicyError } from "../errors.ts";
import type { ServiceClient } from "../services/client.ts";
import { ExchangeFailure } from "../services/exchange.ts";
import type { StatusConfig } from "./config.ts";
import type { StatusReport } from "./report.ts";

export interface StatusReporterOptions {
	readonly config: StatusConfig;
	/** Undefined where reports only go to the log. */
	readonly client: ServiceClient | undefined;
	readonly report: () => StatusReport;
	readonly log: Log;
}

const MAX_ANSWER_BYTES = 64 << 10;
const LAST_ROUND_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;
const REPORT_TYPE = "openpolicyagent.org/status";

/**
 * Sends the state of things whenever it changes. A report says how things are, not what happened: while the service
 * can't be reached only the newest is kept, and sent when it can.
 */
export class StatusReporter {
	readonly #options: StatusReporterOptions;
	readonly #poller: Poller;
	readonly #stopping = new AbortController();
	#failures = 0;
	/** Why the last report was not sent; null when it was. */
	error: PolicyError | null = null;

	constructor(options: StatusReporterOptions) {
		this.#options = options;
		this.#poller = new Poller({
			attempt: () => this.#send(),
			delay: () =>
				this.#failures > 0 ? backoff(this.#failures, LONGEST_RETRY_MS) : Number.POSITIVE_INFINITY,
		});
	}

	start(): void {
		this.#poller.start();
	}

	/** Something has changed. */
	changed(): void {
		if (this.#options.config.trigger === "periodic") void this.#poller.trigger();
	}

	/** Sends a report; resolves when that is over. */
	async trigger(): Promise<void> {
		await this.#poller.trigger();
	}

	async stop(): Promise<void> {
		const late = setTimeout(() => this.#stopping.abort(), LAST_ROUND_MS);
		if (this.#options.config.trigger === "periodic") await this.#poller.trigger();
		clearTimeout(late);
		this.#stopping.abort();
		await this.#poller.stop();
	}

	async #send(): Promise<void> {
		const { config, client, log } = this.#options;
		const report = this.#options.report();
		if (config.console) log.info({ type: REPORT_TYPE, ...report }, "Status Log");
		if (client === undefined) return;
		try {
			await this.#post(client, `status/${config.partition_name ?? ""}`, report);
			this.#failures = 0;
			this.error = null;
		} catch (thrown) {
			this.#failures++;
			this.#failed(thrown);
		}
	}

	async #post(client: ServiceClient, path: string, report: StatusReport): Promise<void> {
		const { status } = await client.send({
			method: "POST",
			path,
			headers: { "content-type": "application/json" },
			body: Buffer.from(JSON.stringify(report)),
			maxBytes: MAX_ANSWER_BYTES,
			signal: this.#stopping.signal,
		});
		if (status < 200 || status >= 300) {
			throw new PolicyError("status_upload", undefined, {
				operator: `${client.url(path).href} answered with status ${status}`,
				httpStatus: status,
			});
		}
	}

	#failed(thrown: unknown): void {
		const error =
			thrown instanceof PolicyError
				? thrown
				: new PolicyError("status_upload", undefined, {
						operator: thrown instanceof ExchangeFailure ? thrown.message : String(thrown),
						cause: thrown,
					});
		const isNews = this.error?.operator !== error.operator;
		this.error = error;
		const { code, operator, remedy } = error;
		if (isNews) this.#options.log.error({ code, operator, remedy }, error.message);
	}
}
