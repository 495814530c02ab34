import type { Clock, SallyportError } from "../../lib/index.ts";
import type { BundleStatus } from "../active.ts";
import type { BundleConfig, PolicyConfig } from "../config.ts";
import { PolicyError } from "../errors.ts";
import { policyThread } from "../thread/policy-thread.ts";
import { readArchive } from "./archive.ts";
import type { Bundle } from "./bundle.ts";
import { FileSource } from "./file-source.ts";
import { type BundleFiles, type BundleLimits, MAX_DEPTH, MAX_ENTRIES } from "./files.ts";
import { HttpSource } from "./http-source.ts";
import { BundleStore } from "./persist.ts";
import type { Verification } from "./signature.ts";
import type { BundleSource } from "./source.ts";

/** One configured bundle: where it comes from, what of it is in force, and how it fares. */
export class ManagedBundle {
	readonly name: string;
	readonly config: BundleConfig;
	readonly source: BundleSource;
	/** What is in force; undefined until there is something. */
	bundle: Bundle | undefined;
	/** Attempts that failed since the last one that did not. */
	failures = 0;
	/** The lowest sequence that is still taken; undefined while bundles without one are. */
	#sequence: number | undefined;
	#prepared = false;
	readonly #store: BundleStore;
	readonly #verification: Verification | undefined;
	readonly #limits: BundleLimits;
	readonly #clock: Clock;
	#lastAttempt: number | null = null;
	#lastActivation: number | null = null;
	#origin: BundleStatus["origin"] = null;
	#error: BundleStatus["error"] = null;

	/** Throws PolicyError bundle_config when the configuration names a service or key that isn't there. */
	constructor(name: string, config: PolicyConfig, clock: Clock) {
		const bundle = config.bundles[name];
		if (bundle === undefined) throw misconfigured(name, "it is not configured");
		this.name = name;
		this.config = bundle;
		this.#clock = clock;
		this.#limits = { bytes: bundle.size_limit_bytes, entries: MAX_ENTRIES, depth: MAX_DEPTH };
		this.#verification = verificationOf(name, config);
		this.#store = new BundleStore(config.persistence_directory, name);
		this.source = sourceOf(name, config, this.#limits);
	}

	status(): BundleStatus {
		return {
			name: this.name,
			activeRevision: this.bundle?.revision ?? null,
			lastAttempt: this.#lastAttempt,
			lastActivation: this.#lastActivation,
			origin: this.#origin,
			error: this.#error,
		};
	}

	/** Reads the persisted sequence, once: nothing is taken while what was active before can't be known. */
	async prepare(): Promise<void> {
		if (this.#prepared) return;
		this.#sequence = await this.#store.readSequence();
		this.#prepared = true;
	}

	/** The bundle that an earlier process kept, if this one is to be persisted. Throws PolicyError. */
	async restore(): Promise<Bundle | undefined> {
		if (!this.config.persist || this.source.origin !== "service") return undefined;
		const archive = await this.#store.readArchive();
		return archive === undefined ? undefined : this.read(await readArchive(archive, this.#limits));
	}

	/** Verifies and reads fetched files; refuses a bundle older than what was in force. Throws PolicyError. */
	async read(files: BundleFiles): Promise<Bundle> {
		const bundle = await policyThread.read(files, this.#verification);
		const sequence = bundle.manifest.sallyport.sequence;
		if (this.#sequence !== undefined && (sequence ?? -1) < this.#sequence) {
			throw new PolicyError("bundle_sequence", undefined, {
				operator: `sequence ${sequence ?? "missing"}, ${this.#sequence} was active`,
			});
		}
		return bundle;
	}

	attempting(): void {
		this.#lastAttempt = this.#clock.now();
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
		this.#error = { code, message, remedy };
		return isNews;
	}

	activated(bundle: Bundle, origin: NonNullable<BundleStatus["origin"]>): void {
		this.bundle = bundle;
		this.#origin = origin;
		this.#lastActivation = this.#clock.now();
		this.#sequence = bundle.manifest.sallyport.sequence ?? this.#sequence;
	}

	/** Keeps what a restart needs. Throws PolicyError bundle_persist. */
	async persist(archive: Buffer | undefined): Promise<void> {
		if (this.#sequence !== undefined) await this.#store.writeSequence(this.#sequence);
		if (this.config.persist && archive !== undefined) await this.#store.writeArchive(archive);
	}
}

function sourceOf(name: string, { bundles, services }: PolicyConfig, limits: BundleLimits): BundleSource {
	const bundle = bundles[name];
	if (bundle === undefined) throw misconfigured(name, "it is not configured");
	if (bundle.resource.startsWith("file://")) return new FileSource(bundle.resource, limits);
	const service = bundle.service === undefined ? undefined : services[bundle.service];
	if (service === undefined)
		throw misconfigured(name, `the service ${bundle.service ?? ""} is not configured`);
	return new HttpSource(service, bundle, limits);
}

function verificationOf(name: string, { bundles, keys }: PolicyConfig): Verification | undefined {
	const signing = bundles[name]?.signing;
	if (signing === undefined) return undefined;
	const key = keys[signing.keyid];
	if (key === undefined) throw misconfigured(name, `the key ${signing.keyid} is not configured`);
	return { signing, key };
}

function misconfigured(name: string, operator: string): PolicyError {
	return new PolicyError("bundle_config", undefined, { operator: `bundles.${name}: ${operator}` });
}
