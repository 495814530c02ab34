import { setTimeout as sleep } from "node:timers/promises";
import { type Clock, describeThrown, type Log, SallyportError, systemClock } from "../lib/index.ts";
import type { ActivePolicy, BundleStatus } from "./active.ts";
import type { Bundle } from "./bundle/bundle.ts";
import { ManagedBundle } from "./bundle/managed.ts";
import type { PolicyConfig } from "./config.ts";
import { PolicyEngine } from "./engine/engine.ts";
import { DEFAULT_LIMITS, type EngineLimits } from "./engine/limits.ts";
import { PolicyError } from "./errors.ts";
import { policyThread } from "./thread/policy-thread.ts";

export interface PolicyRuntimeOptions {
	readonly log: Log;
	readonly clock?: Clock;
	readonly limits?: EngineLimits;
}

/**
 * Keeps the configured bundles up to date and one policy in force. A new revision is fetched, verified, compiled and
 * tried before it takes the old one's place in one assignment; whatever fails leaves the old one in force. Until the
 * first one there is none, and callers deny.
 */
export class PolicyRuntime {
	readonly #bundles: readonly ManagedBundle[];
	readonly #log: Log;
	readonly #clock: Clock;
	readonly #limits: EngineLimits;
	readonly #listeners = new Set<(policy: ActivePolicy) => void>();
	readonly #stopping = new AbortController();
	#active: ActivePolicy | undefined;
	/** Activations wait for one another: each is judged against all bundles in force. */
	#activation: Promise<void> = Promise.resolve();
	#loops: Promise<void>[] = [];

	/** Throws PolicyError bundle_config when a bundle names a service or key that isn't there. */
	constructor(config: PolicyConfig, options: PolicyRuntimeOptions) {
		this.#log = options.log;
		this.#clock = options.clock ?? systemClock;
		this.#limits = options.limits ?? DEFAULT_LIMITS;
		this.#bundles = Object.keys(config.bundles).map((name) => new ManagedBundle(name, config, this.#clock));
	}

	/** The policy in force: read it anew for each decision. */
	get active(): ActivePolicy | undefined {
		return this.#active;
	}

	/** Calls back after each activation; the returned function ends that. */
	onActivated(listener: (policy: ActivePolicy) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	status(): BundleStatus[] {
		return this.#bundles.map((bundle) => bundle.status());
	}

	/**
	 * Takes up what was persisted, asks each source once, and goes on asking. Resolves after that first round, whatever
	 * came of it: `active` and `status()` tell.
	 */
	async start(): Promise<void> {
		for (const bundle of this.#bundles) await this.#restore(bundle);
		await Promise.all(this.#bundles.map((bundle) => this.#attempt(bundle)));
		this.#loops = this.#bundles.map((bundle) => this.#poll(bundle));
	}

	/** Ends polling; the policy in force stays, so that what is under way can be decided. */
	async stop(): Promise<void> {
		this.#stopping.abort();
		await Promise.all(this.#loops);
	}

	async #poll(bundle: ManagedBundle): Promise<void> {
		const { signal } = this.#stopping;
		for (;;) {
			try {
				await sleep(bundle.source.delay(bundle.failures), undefined, { signal });
			} catch {
				return;
			}
			await this.#attempt(bundle);
		}
	}

	async #restore(bundle: ManagedBundle): Promise<void> {
		try {
			await bundle.prepare();
			const persisted = await bundle.restore();
			if (persisted !== undefined) await this.#activate(bundle, persisted, "persisted");
		} catch (thrown) {
			this.#failed(bundle, thrown);
		}
	}

	async #attempt(bundle: ManagedBundle): Promise<void> {
		bundle.attempting();
		try {
			await bundle.prepare();
			const fetched = await bundle.source.fetch(this.#stopping.signal);
			if (fetched === "unchanged") return;
			if (fetched !== "current") {
				await this.#activate(bundle, await bundle.read(fetched.files), bundle.source.origin);
				fetched.activated();
				await bundle.persist(fetched.archive);
			}
			bundle.succeeded();
		} catch (thrown) {
			if (!this.#stopping.signal.aborted) this.#failed(bundle, thrown);
		}
	}

	async #activate(
		managed: ManagedBundle,
		bundle: Bundle,
		origin: "service" | "file" | "persisted",
	): Promise<void> {
		const turn = this.#activation.then(() => this.#activateInTurn(managed, bundle, origin));
		this.#activation = turn.catch(() => undefined);
		await turn;
	}

	async #activateInTurn(
		managed: ManagedBundle,
		bundle: Bundle,
		origin: "service" | "file" | "persisted",
	): Promise<void> {
		const candidate = new Map<string, Bundle>([[managed.name, bundle]]);
		for (const other of this.#bundles) {
			if (other !== managed && other.bundle !== undefined) candidate.set(other.name, other.bundle);
		}
		const ready = await policyThread.assemble(candidate, this.#limits);
		if (ready === undefined && (this.#active !== undefined || candidate.size === this.#bundles.length)) {
			throw new PolicyError("bundle_no_entrypoint", undefined, { operator: "no bundle carries a policy" });
		}
		const policy =
			ready === undefined
				? undefined
				: await PolicyEngine.prepare(ready, this.#limits, () => this.#clock.now());
		managed.activated(bundle, origin);
		this.#log.info({ bundle: managed.name, revision: bundle.revision, origin }, "bundle activated");
		if (policy === undefined) return;
		this.#active = policy;
		for (const listener of this.#listeners) {
			try {
				listener(policy);
			} catch (thrown) {
				this.#log.error({ error: describeThrown(thrown) }, "a listener for activations threw");
			}
		}
	}

	#failed(bundle: ManagedBundle, thrown: unknown): void {
		const error =
			thrown instanceof SallyportError
				? thrown
				: new PolicyError("bundle_invalid", undefined, { operator: describeThrown(thrown), cause: thrown });
		if (!bundle.failed(error)) return;
		const { code, operator, remedy } = error;
		this.#log.error({ bundle: bundle.name, code, operator, remedy }, error.message);
	}
}
