import type { Clock } from "../../lib/index.ts";
import type { BundleStatus } from "../active.ts";
import type { BundleConfig } from "../config.ts";
import { PolicyError } from "../errors.ts";
import { policyThread } from "../thread/policy-thread.ts";
import type { Bundle } from "./bundle.ts";
import type { Candidate } from "./candidate.ts";
import type { BundleLimits } from "./files.ts";
import { BundleHealth } from "./health.ts";
import type { BundleStore } from "./persist.ts";
import type { Verification } from "./signature.ts";
import type { BundleSource, Content } from "./source.ts";

/** What a bundle is made with; `bundleParts` works it out from the configuration. */
export interface BundleParts {
	readonly name: string;
	readonly config: BundleConfig;
	readonly source: BundleSource;
	readonly verification: Verification | undefined;
	readonly limits: BundleLimits;
	readonly store: BundleStore;
	readonly clock: Clock;
}

/** One configured bundle: where it comes from, what of it is in force, and how it fares. */
export class ManagedBundle {
	readonly name: string;
	readonly config: BundleConfig;
	readonly source: BundleSource;
	readonly health: BundleHealth;
	/** What is in force; undefined until there is something. */
	bundle: Bundle | undefined;
	/** The lowest sequence that is still taken; undefined while bundles without one are. */
	#sequence: number | undefined;
	#prepared = false;
	/** What came into force and is not kept yet. */
	#left: { readonly archive: Uint8Array | undefined } | undefined;
	readonly #store: BundleStore;
	readonly #verification: Verification | undefined;
	readonly #limits: BundleLimits;

	constructor({ name, config, source, verification, limits, store, clock }: BundleParts) {
		this.name = name;
		this.config = config;
		this.source = source;
		this.health = new BundleHealth(name, clock);
		this.#verification = verification;
		this.#limits = limits;
		this.#store = store;
	}

	status(): BundleStatus {
		return this.health.status();
	}

	/** Milliseconds until the next attempt; infinite for one that is only made when somebody asks. */
	delay(): number {
		return this.config.trigger === "manual"
			? Number.POSITIVE_INFINITY
			: this.source.delay(this.health.failures);
	}

	/** Reads the persisted sequence, once: nothing is taken while what was active before can't be known. */
	async prepare(): Promise<void> {
		if (this.#prepared) return;
		this.#sequence = await this.#store.readSequence();
		this.#prepared = true;
	}

	/** The bundle that an earlier process kept, if this one is to be persisted. Throws PolicyError. */
	async restore(): Promise<Candidate | undefined> {
		if (!this.config.persist || this.source.origin !== "service") return undefined;
		const archive = await this.#store.readArchive();
		return archive === undefined ? undefined : this.read({ archive, limits: this.#limits });
	}

	/** Verifies and reads what was fetched; refuses a bundle older than what was in force. Throws PolicyError. */
	async read(content: Content): Promise<Candidate> {
		const over = { bundle: this.bundle, persist: this.config.persist };
		const candidate = await policyThread.read(content, this.#verification, over);
		const { sequence } = candidate.bundle.manifest.sallyport;
		if (this.#sequence !== undefined && (sequence ?? -1) < this.#sequence) {
			throw new PolicyError("bundle_sequence", undefined, {
				operator: `sequence ${sequence ?? "missing"}, ${this.#sequence} was active`,
			});
		}
		return candidate;
	}

	activated(bundle: Bundle): void {
		this.bundle = bundle;
		this.#sequence = bundle.manifest.sallyport.sequence ?? this.#sequence;
	}

	/** Goes on where another left off that is configured otherwise: what is in force stays so. */
	takeOver(before: ManagedBundle): void {
		this.bundle = before.bundle;
		this.#sequence = before.#sequence;
		this.#prepared = before.#prepared;
		this.health.takeOver(before.health);
	}

	/** Keeps what a restart needs. Throws PolicyError bundle_persist; then `persistLeft` tries again. */
	async persist(archive: Uint8Array | undefined): Promise<void> {
		this.#left = { archive };
		await this.persistLeft();
	}

	/** Keeps what could not be kept before, if there is such. Throws PolicyError bundle_persist. */
	async persistLeft(): Promise<void> {
		if (this.#left === undefined) return;
		await this.#keep(this.#left.archive);
		this.#left = undefined;
	}

	async #keep(archive: Uint8Array | undefined): Promise<void> {
		if (this.#sequence !== undefined) await this.#store.writeSequence(this.#sequence);
		if (this.config.persist && archive !== undefined) await this.#store.writeArchive(archive);
	}
}
