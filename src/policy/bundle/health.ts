import type { Clock, SallyportError } from "../../lib/index.ts";
import type { BundleFailure, BundleStatus } from "../active.ts";
import { PolicyError } from "../errors.ts";
import type { Bundle } from "./bundle.ts";

/** What came into force. */
export interface Activation {
	readonly bundle: Bundle;
	readonly type: "snapshot" | "delta";
	readonly origin: NonNullable<BundleStatus["origin"]>;
	/** Bytes of its archive; null for a directory. */
	readonly size: number | null;
}

/** How fetching and activating one bundle goes, for those who ask. */
export class BundleHealth {
	/** Attempts that failed since the last one that did not. */
	failures = 0;
	readonly #name: string;
	readonly #clock: Clock;
	#activation: Activation | null = null;
	#lastAttempt: number | null = null;
	#lastRequest: number | null = null;
	#lastDownload: number | null = null;
	#lastActivation: number | null = null;
	#error: BundleFailure | null = null;

	constructor(name: string, clock: Clock) {
		this.#name = name;
		this.#clock = clock;
	}

	status(): BundleStatus {
		const active = this.#activation;
		return {
			name: this.#name,
			activeRevision: active?.bundle.revision ?? null,
			activeSequence: active?.bundle.manifest.sallyport.sequence ?? null,
			type: active?.type ?? null,
			size: active?.size ?? null,
			lastAttempt: this.#lastAttempt,
			lastSuccessfulRequest: this.#lastRequest,
			lastSuccessfulDownload: this.#lastDownload,
			lastActivation: this.#lastActivation,
			origin: active?.origin ?? null,
			failures: this.failures,
			error: this.#error,
		};
	}

	/** Nothing was tried yet by the new configuration; what is in force is what was. */
	takeOver(before: BundleHealth): void {
		this.#activation = before.#activation;
		this.#lastActivation = before.#lastActivation;
	}

	attempting(): void {
		this.#lastAttempt = this.#clock.now();
	}

	/** The source answered; `download`: with a bundle. */
	answered(download: boolean): void {
		this.#lastRequest = this.#clock.now();
		if (download) this.#lastDownload = this.#lastRequest;
	}

	activated(activation: Activation): void {
		this.#activation = activation;
		this.#lastActivation = this.#clock.now();
	}

	succeeded(): void {
		this.failures = 0;
		this.#error = null;
	}

	/** Answers whether this is another error than the last attempt's, and so worth a line in the log. */
	failed(error: SallyportError): boolean {
		const { code, remedy } = error;
		const message = error.operator === undefined ? error.message : `${error.message} (${error.operator})`;
		const isNews = this.#error?.code !== code || this.#error.message !== message;
		this.failures++;
		const httpStatus = error instanceof PolicyError ? (error.httpStatus ?? null) : null;
		this.#error = { code, message, remedy, httpStatus };
		return isNews;
	}
}
