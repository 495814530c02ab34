import type { BundleConfig, ServiceConfig } from "../config.ts";
import { PolicyError } from "../errors.ts";
import { readArchive } from "./archive.ts";
import type { BundleLimits } from "./files.ts";
import { httpGet } from "./http-get.ts";
import type { BundleSource, Fetched } from "./source.ts";

const FIRST_RETRY_MS = 100;

/** A bundle server, asked as OPA asks one: by polling, with the ETag of the last bundle that was activated. */
export class HttpSource implements BundleSource {
	readonly origin = "service";
	readonly #url: URL;
	readonly #service: ServiceConfig;
	readonly #polling: BundleConfig["polling"];
	readonly #limits: BundleLimits;
	#etag: string | undefined;

	constructor(service: ServiceConfig, bundle: BundleConfig, limits: BundleLimits) {
		this.#url = new URL(`${service.url.replace(/\/+$/, "")}/${bundle.resource.replace(/^\/+/, "")}`);
		this.#service = service;
		this.#polling = bundle.polling;
		this.#limits = limits;
	}

	async fetch(signal: AbortSignal): Promise<Fetched | "current"> {
		const response = await httpGet(this.#url, {
			service: this.#service,
			headers: {
				prefer: "modes=snapshot",
				...(this.#etag === undefined ? {} : { "if-none-match": this.#etag }),
			},
			maxBytes: this.#limits.bytes,
			signal,
		});
		if (response.status === 304 && this.#etag !== undefined) return "current";
		if (response.status !== 200) {
			throw new PolicyError("bundle_unreachable", undefined, {
				operator: `${this.#url.href} answered with status ${response.status}`,
			});
		}
		const files = await readArchive(response.body, this.#limits);
		return {
			files,
			archive: response.body,
			activated: () => {
				this.#etag = response.etag;
			},
		};
	}

	/** A random time between the bounds, so that many gateways spread out; after failures twice as long each time. */
	delay(failures: number): number {
		const { min_delay_seconds, max_delay_seconds } = this.#polling;
		const most = max_delay_seconds * 1000;
		if (failures > 0) return Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 30), most);
		const least = Math.min(min_delay_seconds * 1000, most);
		return least + Math.random() * (most - least);
	}
}
