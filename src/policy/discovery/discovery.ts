import { type Clock, describeThrown, type Log, SallyportError } from "../../lib/index.ts";
import type { BundleStatus } from "../active.ts";
import type { Candidate } from "../bundle/candidate.ts";
import { ManagedBundle } from "../bundle/managed.ts";
import { bundleParts } from "../bundle/parts.ts";
import { Poller } from "../bundle/poller.ts";
import { archiveOf } from "../bundle/source.ts";
import type { PolicyConfig } from "../config.ts";
import { PolicyError } from "../errors.ts";
import { isInterrupted } from "../interrupted.ts";
import { policyThread } from "../thread/policy-thread.ts";

export interface DiscoveryOptions {
	readonly config: PolicyConfig;
	/** Makes the sections of the configuration of the document, as JSON. Throws with what is wrong with them. */
	readonly read: (json: string) => PolicyConfig;
	/** Puts them into force, all or none. Throws PolicyError. */
	readonly apply: (config: PolicyConfig) => Promise<void>;
	/** Told after each attempt that changed something. */
	readonly onAttempt: () => void;
	readonly log: Log;
	readonly clock: Clock;
}

/** The largest discovery bundle taken, unpacked. */
const MAX_BYTES = 16 << 20;

/**
 * Keeps the configuration of bundles, services and reports as a discovery bundle has it. What can't be used changes
 * nothing.
 */
export class Discovery {
	readonly #options: DiscoveryOptions;
	readonly #bundle: ManagedBundle;
	readonly #decision: string;
	readonly #poller: Poller;

	/** Throws PolicyError bundle_config when it names a service or a key that isn't there. */
	constructor(options: DiscoveryOptions) {
		this.#options = options;
		const { config, clock } = options;
		const { discovery } = config;
		if (discovery === undefined) throw new PolicyError("bundle_config");
		const { decision, ...bundle } = discovery;
		this.#decision = decision;
		this.#bundle = new ManagedBundle(
			bundleParts("discovery", { ...bundle, size_limit_bytes: MAX_BYTES }, config, clock, "discovery"),
		);
		this.#poller = new Poller({
			attempt: (signal, asked) => this.#attempt(signal, !asked),
			delay: () => this.#bundle.delay(),
		});
	}

	status(): BundleStatus {
		return this.#bundle.status();
	}

	/** Takes up what was persisted, asks once, and goes on asking. */
	async start(): Promise<void> {
		try {
			await this.#bundle.prepare();
			const persisted = await this.#bundle.restore();
			if (persisted !== undefined) await this.#apply(persisted, "persisted", null);
		} catch (thrown) {
			this.#failed(thrown);
		}
		this.#poller.start();
		if (this.#bundle.config.trigger === "periodic") await this.#poller.trigger();
	}

	async trigger(): Promise<void> {
		await this.#poller.trigger();
	}

	async stop(): Promise<void> {
		await this.#poller.stop();
	}

	async #attempt(signal: AbortSignal, patient: boolean): Promise<void> {
		const { source, health } = this.#bundle;
		health.attempting();
		try {
			await this.#bundle.prepare();
			const fetched = await source.fetch(signal, patient);
			if (fetched === "unchanged") return;
			if (fetched === "current") {
				health.answered(false);
				await this.#bundle.persistLeft();
			} else {
				const archive = archiveOf(fetched.content);
				const read = await this.#bundle.read(fetched.content);
				health.answered(true);
				await this.#apply(read, source.origin, archive?.length ?? null);
				fetched.activated();
				await this.#bundle.persist(archive);
			}
			health.succeeded();
			this.#options.onAttempt();
		} catch (thrown) {
			if (!isInterrupted(signal, thrown)) this.#failed(thrown);
		}
	}

	async #apply(
		{ bundle, type }: Candidate,
		origin: NonNullable<BundleStatus["origin"]>,
		size: number | null,
	): Promise<void> {
		const { read, apply, clock, log } = this.#options;
		const json = await policyThread.discover(bundle, this.#decision, clock.now());
		await apply(read(json));
		this.#bundle.activated(bundle);
		this.#bundle.health.activated({ bundle, type, origin, size });
		log.info({ revision: bundle.revision, origin }, "configuration discovered");
	}

	#failed(thrown: unknown): void {
		const error =
			thrown instanceof SallyportError
				? thrown
				: new PolicyError("discovery_invalid", undefined, {
						operator: describeThrown(thrown),
						cause: thrown,
					});
		const isNews = this.#bundle.health.failed(error);
		this.#options.onAttempt();
		if (!isNews) return;
		const { code, operator, remedy } = error;
		this.#options.log.error({ discovery: true, code, operator, remedy }, error.message);
	}
}
