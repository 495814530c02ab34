import { describeThrown } from "../../lib/index.ts";
import type { ActivePolicy, BundleRevisions, DependsOnParameters, Evaluation } from "../active.ts";
import type { RuleEntry } from "../bundle/manifest.ts";
import type { AccessDecision, CommandDecision } from "../decision.ts";
import type { DetectorSettings } from "../detectors.ts";
import type { DecisionOf, Entrypoint } from "../entrypoints.ts";
import { PolicyError } from "../errors.ts";
import type { Reuse } from "../reuse.ts";
import { DecisionReader } from "./decisions.ts";
import { InputTime } from "./input-time.ts";
import { PolicyInstance } from "./instance.ts";
import type { EngineLimits } from "./limits.ts";
import type { PolicyModule } from "./policy-module.ts";
import { InstancePool } from "./pool.ts";

/** A policy that was made ready, in this thread or in another. */
export interface ReadyPolicy {
	readonly revision: string;
	readonly bundles: BundleRevisions;
	readonly module: PolicyModule;
	readonly dependsOnParameters: DependsOnParameters;
	readonly reuse: Reuse | null;
	/** Own detectors of its data. */
	readonly detectors: DetectorSettings;
	/** Where its rules stand, as the bundle tells; empty where it doesn't. */
	readonly rules: readonly RuleEntry[];
}

/** A compiled policy with its data, ready to decide. */
export class PolicyEngine implements ActivePolicy {
	readonly revision: string;
	readonly bundles: BundleRevisions;
	readonly activatedAt: number;
	readonly dependsOnParameters: DependsOnParameters;
	readonly reuse: Reuse | null;
	readonly detectors: DetectorSettings;
	readonly ready: ReadyPolicy;
	readonly #module: PolicyModule;
	readonly #pool: InstancePool;
	readonly #command = new DecisionReader("sallyport/command/decision");
	readonly #session = new DecisionReader("sallyport/session/decision");
	readonly #admin = new DecisionReader("sallyport/admin/decision");

	/**
	 * `activatedAt` is in ms since the epoch; `instance` may be given when one is at hand, else the first decision
	 * makes it.
	 */
	constructor(ready: ReadyPolicy, limits: EngineLimits, activatedAt: number, instance?: PolicyInstance) {
		this.revision = ready.revision;
		this.bundles = ready.bundles;
		this.dependsOnParameters = ready.dependsOnParameters;
		this.reuse = ready.reuse;
		this.detectors = ready.detectors;
		this.ready = ready;
		this.activatedAt = activatedAt;
		this.#module = ready.module;
		this.#pool = new InstancePool(ready.module, limits, instance);
	}

	/** The same, made in slices between which this thread's other work goes on. */
	static async prepare(ready: ReadyPolicy, limits: EngineLimits, now: () => number): Promise<PolicyEngine> {
		const instance = await PolicyInstance.prepare(ready.module, limits);
		return new PolicyEngine(ready, limits, now(), instance);
	}

	/** The entrypoints that it has beside those that a gateway asks. */
	has(entrypoint: string): boolean {
		return this.#module.entrypoints.has(entrypoint);
	}

	/** Asks an entrypoint of the bundle's own: the result set, whatever its values are. Throws PolicyError. */
	ask(entrypoint: string, inputJson: string): readonly { readonly result: unknown }[] {
		return JSON.parse(this.#evaluate(entrypoint, inputJson).result);
	}

	decideCommand(inputJson: string, budget?: number): Evaluation<CommandDecision> {
		return this.#decide("sallyport/command/decision", this.#command, inputJson, budget);
	}

	decideSession(inputJson: string): Evaluation<AccessDecision> {
		return this.#decide("sallyport/session/decision", this.#session, inputJson);
	}

	decideAdmin(inputJson: string): Evaluation<AccessDecision> {
		return this.#decide("sallyport/admin/decision", this.#admin, inputJson);
	}

	#decide<E extends Entrypoint>(
		entrypoint: E,
		reader: DecisionReader<E>,
		inputJson: string,
		budget?: number,
	): Evaluation<DecisionOf<E>> {
		const started = performance.now();
		const { result, cost, readTime } = this.#evaluate(entrypoint, inputJson, budget);
		const decision = reader.read(result);
		const micros = (performance.now() - started) * 1000;
		return { decision, revision: this.revision, cost, micros, readTime };
	}

	#evaluate(
		entrypoint: string,
		inputJson: string,
		budget?: number,
	): { result: string; cost: number; readTime: boolean } {
		const number = this.#module.entrypoints.get(entrypoint);
		if (number === undefined) throw new PolicyError("bundle_no_entrypoint");
		try {
			const time = new InputTime(inputJson);
			const evaluated = this.#pool.use((instance) => instance.evaluate(number, inputJson, time, budget));
			return { ...evaluated, readTime: time.wasRead };
		} catch (thrown) {
			if (thrown instanceof PolicyError) throw thrown;
			// The runtime's own, when it has no memory left for a new instance.
			throw new PolicyError("policy_trap", undefined, { operator: describeThrown(thrown), cause: thrown });
		}
	}
}
