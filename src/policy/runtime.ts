import { type Clock, describeThrown, type Log, SallyportError, systemClock } from "../lib/index.ts";
import type { ActivePolicy, BundleStatus } from "./active.ts";
import type { Bundle } from "./bundle/bundle.ts";
import { type BundleLimits, MAX_DEPTH, MAX_ENTRIES } from "./bundle/files.ts";
import type { Activation } from "./bundle/health.ts";
import type { ManagedBundle } from "./bundle/managed.ts";
import { Poller } from "./bundle/poller.ts";
import { archiveOf } from "./bundle/source.ts";
import { type BundleSections, bundleSet } from "./bundle-set.ts";
import { PolicyEngine, type ReadyPolicy } from "./engine/engine.ts";
import { DEFAULT_LIMITS, type EngineLimits } from "./engine/limits.ts";
import { PolicyError } from "./errors.ts";
import { isInterrupted } from "./interrupted.ts";
import { policyThread } from "./thread/policy-thread.ts";

/** Bytes unpacked: as many as a bundle that is pushed may have. */
const CANDIDATE_LIMITS: BundleLimits = { bytes: 256 << 20, entries: MAX_ENTRIES, depth: MAX_DEPTH };

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
	#sections: BundleSections;
	#bundles: readonly ManagedBundle[];
	readonly #pollers = new Map<string, Poller>();
	readonly #log: Log;
	readonly #clock: Clock;
	readonly #limits: EngineLimits;
	readonly #activations = new Set<(policy: ActivePolicy) => void>();
	readonly #attempts = new Set<(status: BundleStatus) => void>();
	#active: PolicyEngine | undefined;
	/** Activations wait for one another: each is judged against all bundles in force. */
	#activation: Promise<void> = Promise.resolve();

	/** Throws PolicyError bundle_config when a bundle names a service or key that isn't there. */
	constructor(config: BundleSections, options: PolicyRuntimeOptions) {
		this.#log = options.log;
		this.#clock = options.clock ?? systemClock;
		this.#limits = options.limits ?? DEFAULT_LIMITS;
		this.#sections = config;
		this.#bundles = bundleSet(config, this.#clock, undefined);
	}

	/** The policy in force: read it anew for each decision. */
	get active(): PolicyEngine | undefined {
		return this.#active;
	}

	/** Calls back after each activation; the returned function ends that. */
	onActivated(listener: (policy: ActivePolicy) => void): () => void {
		this.#activations.add(listener);
		return () => this.#activations.delete(listener);
	}

	/** Calls back after each attempt that asked a service, and after each other one that changed something. */
	onAttempt(listener: (status: BundleStatus) => void): () => void {
		this.#attempts.add(listener);
		return () => this.#attempts.delete(listener);
	}

	status(): BundleStatus[] {
		return this.#bundles.map((bundle) => bundle.status());
	}

	/** What evaluations are bounded by. */
	get limits(): EngineLimits {
		return this.#limits;
	}

	/** What is in force of each bundle, by name. */
	bundles(): ReadonlyMap<string, Bundle> {
		return new Map(
			this.#bundles.flatMap(({ name, bundle }) => (bundle === undefined ? [] : [[name, bundle] as const])),
		);
	}

	/**
	 * Makes a policy of a bundle that is only to be tried: with the data of the other bundles in force, in place of
	 * the one that carries the policy. Its signature is not looked at, and nothing of it comes into force. Throws
	 * PolicyError.
	 */
	async consider(archive: Uint8Array): Promise<{ readonly bundle: Bundle; readonly ready: ReadyPolicy }> {
		const { bundle } = await policyThread.read({ archive, limits: CANDIDATE_LIMITS }, "unverified");
		const data = [...this.bundles()].filter(([, { wasm }]) => wasm === undefined);
		const ready = await policyThread.assemble(new Map([["candidate", bundle], ...data]), this.#limits);
		if (ready === undefined) throw new PolicyError("bundle_no_entrypoint");
		return { bundle, ready };
	}

	/**
	 * Takes up what was persisted, asks each source once that is not to be asked by hand, and goes on asking. Resolves
	 * after that first round, whatever came of it: `active` and `status()` tell.
	 */
	async start(): Promise<void> {
		await this.#begin(this.#bundles);
	}

	/**
	 * Goes on with the bundles of another configuration, after the same first round. A bundle that is no longer there
	 * stays in force until the others make a policy. Throws PolicyError bundle_config: then nothing has changed.
	 */
	async reconfigure(sections: BundleSections): Promise<void> {
		const before = this.#bundles;
		this.#bundles = bundleSet(sections, this.#clock, { sections: this.#sections, bundles: before });
		this.#sections = sections;
		const gone = before.filter((bundle) => !this.#bundles.includes(bundle));
		await Promise.all(gone.map((bundle) => this.#end(bundle)));
		const fresh = this.#bundles.filter((bundle) => !before.includes(bundle));
		await this.#begin(fresh);
		if (gone.length > 0) await this.#withoutGone();
	}

	async #begin(bundles: readonly ManagedBundle[]): Promise<void> {
		for (const bundle of bundles) if (bundle.bundle === undefined) await this.#restore(bundle);
		const asked = bundles.map((bundle) => {
			const poller = new Poller({
				attempt: (signal, isAsked) => this.#attempt(bundle, signal, !isAsked),
				delay: () => bundle.delay(),
			});
			this.#pollers.set(bundle.name, poller);
			poller.start();
			return bundle.config.trigger === "periodic" ? poller.trigger() : undefined;
		});
		await Promise.all(asked);
	}

	async #end(bundle: ManagedBundle): Promise<void> {
		const poller = this.#pollers.get(bundle.name);
		this.#pollers.delete(bundle.name);
		await poller?.stop();
	}

	/** The data of bundles that are no longer configured leaves the policy, if the others still are one. */
	async #withoutGone(): Promise<void> {
		const [carrier] = this.#bundles.filter(({ bundle }) => bundle?.wasm !== undefined);
		if (carrier?.bundle === undefined) return;
		const { bundle } = carrier;
		try {
			await this.#inTurn(() => this.#putIntoForce(carrier, bundle));
		} catch (thrown) {
			this.#failed(carrier, thrown);
		}
	}

	/** Asks the sources now, whatever their trigger: all of them or one. False when there is none of that name. */
	async trigger(name?: string): Promise<boolean> {
		if (name !== undefined && !this.#pollers.has(name)) return false;
		const asked = [...this.#pollers].filter(([each]) => name === undefined || each === name);
		await Promise.all(asked.map(([, poller]) => poller.trigger()));
		return true;
	}

	/** Ends polling; the policy in force stays, so that what is under way can be decided. */
	async stop(): Promise<void> {
		await Promise.all([...this.#pollers.values()].map((poller) => poller.stop()));
	}

	async #restore(bundle: ManagedBundle): Promise<void> {
		try {
			await bundle.prepare();
			const persisted = await bundle.restore();
			if (persisted !== undefined)
				await this.#activate(bundle, { ...persisted, origin: "persisted", size: null });
		} catch (thrown) {
			this.#failed(bundle, thrown);
		}
	}

	async #attempt(managed: ManagedBundle, signal: AbortSignal, patient: boolean): Promise<void> {
		const { source, health } = managed;
		health.attempting();
		try {
			await managed.prepare();
			const fetched = await source.fetch(signal, patient);
			if (fetched === "unchanged") return;
			if (fetched === "current") {
				health.answered(false);
				await managed.persistLeft();
			} else {
				const archive = archiveOf(fetched.content);
				const size = archive?.length ?? null;
				const read = await managed.read(fetched.content);
				health.answered(true);
				await this.#activate(managed, { ...read, origin: source.origin, size });
				fetched.activated();
				await managed.persist(archive);
			}
			const recovered = health.failures > 0;
			health.succeeded();
			if (source.origin === "service" || fetched !== "current" || recovered) this.#tell(managed);
		} catch (thrown) {
			if (!isInterrupted(signal, thrown)) this.#failed(managed, thrown);
		}
	}

	async #activate(managed: ManagedBundle, activation: Activation): Promise<void> {
		await this.#inTurn(async () => {
			const { bundle, origin } = activation;
			await this.#putIntoForce(managed, bundle, () => {
				managed.activated(bundle);
				managed.health.activated(activation);
				this.#log.info({ bundle: managed.name, revision: bundle.revision, origin }, "bundle activated");
			});
		});
	}

	async #inTurn(work: () => Promise<void>): Promise<void> {
		const turn = this.#activation.then(work);
		this.#activation = turn.catch(() => undefined);
		await turn;
	}

	/** Makes a policy of this bundle and what is in force of the others. `made` is called in the turn of the swap. */
	async #putIntoForce(managed: ManagedBundle, bundle: Bundle, made: () => void = () => {}): Promise<void> {
		const candidate = new Map<string, Bundle>([[managed.name, bundle]]);
		for (const other of this.#bundles) {
			if (other !== managed && other.bundle !== undefined) candidate.set(other.name, other.bundle);
		}
		const ready = await policyThread.assemble(candidate, this.#limits);
		const isComplete = candidate.size === this.#bundles.length;
		if (ready === undefined && (isComplete || this.#carries(managed))) {
			throw new PolicyError("bundle_no_entrypoint", undefined, { operator: "no bundle carries a policy" });
		}
		const policy =
			ready === undefined
				? undefined
				: await PolicyEngine.prepare(ready, this.#limits, () => this.#clock.now());
		made();
		if (policy === undefined) return;
		this.#active = policy;
		this.#call(this.#activations, (listener) => listener(policy));
	}

	/** Whether what is in force of this bundle is the policy. */
	#carries({ bundle }: ManagedBundle): boolean {
		return bundle?.wasm !== undefined;
	}

	#failed(bundle: ManagedBundle, thrown: unknown): void {
		const error =
			thrown instanceof SallyportError
				? thrown
				: new PolicyError("bundle_invalid", undefined, { operator: describeThrown(thrown), cause: thrown });
		const isNews = bundle.health.failed(error);
		if (isNews || bundle.source.origin === "service") this.#tell(bundle);
		if (!isNews) return;
		const { code, operator, remedy } = error;
		this.#log.error({ bundle: bundle.name, code, operator, remedy }, error.message);
	}

	#tell(bundle: ManagedBundle): void {
		const status = bundle.status();
		this.#call(this.#attempts, (listener) => listener(status));
	}

	#call<L>(listeners: ReadonlySet<L>, call: (listener: L) => void): void {
		for (const listener of listeners) {
			try {
				call(listener);
			} catch (thrown) {
				this.#log.error({ error: describeThrown(thrown) }, "a listener of the policy threw");
			}
		}
	}
}
