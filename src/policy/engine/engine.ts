import { describeThrown } from "../../lib/index.ts";
import type { ActivePolicy, DependsOnParameters, Evaluation } from "../active.ts";
import type { AccessDecision, CommandDecision } from "../decision.ts";
import type { DecisionOf, Entrypoint } from "../entrypoints.ts";
import { PolicyError } from "../errors.ts";
import type { Reuse } from "../reuse.ts";
import { compileModule } from "./compile.ts";
import { DecisionReader } from "./decisions.ts";
import { InputTime } from "./input-time.ts";
import { DEFAULT_LIMITS, type EngineLimits } from "./limits.ts";
import type { PolicyModule } from "./policy-module.ts";
import { InstancePool } from "./pool.ts";

export interface PolicySource {
	readonly revision: string;
	readonly wasm: Uint8Array;
	/** The data document as JSON, in UTF-8. */
	readonly data: Uint8Array;
	readonly dependsOnParameters: DependsOnParameters;
	readonly reuse: Reuse | null;
}

/** A compiled policy with its data, ready to decide. */
export class PolicyEngine implements ActivePolicy {
	readonly revision: string;
	readonly activatedAt: number;
	readonly dependsOnParameters: DependsOnParameters;
	readonly reuse: Reuse | null;
	readonly #module: PolicyModule;
	readonly #pool: InstancePool;
	readonly #command = new DecisionReader("sallyport/command/decision");
	readonly #session = new DecisionReader("sallyport/session/decision");
	readonly #admin = new DecisionReader("sallyport/admin/decision");

	private constructor(source: PolicySource, module: PolicyModule, limits: EngineLimits, now: number) {
		this.revision = source.revision;
		this.dependsOnParameters = source.dependsOnParameters;
		this.reuse = source.reuse;
		this.activatedAt = now;
		this.#module = module;
		this.#pool = new InstancePool(module, limits);
	}

	/** Compiles and checks; throws PolicyError when the bundle can't be run. `now` is in ms since the epoch. */
	static async compile(source: PolicySource, now: number, limits = DEFAULT_LIMITS): Promise<PolicyEngine> {
		const module = await compileModule(source.wasm, source.data);
		return new PolicyEngine(source, module, limits, now);
	}

	decideCommand(inputJson: string): Evaluation<CommandDecision> {
		return this.#decide("sallyport/command/decision", this.#command, inputJson);
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
	): Evaluation<DecisionOf<E>> {
		const started = performance.now();
		const number = this.#module.entrypoints.get(entrypoint);
		if (number === undefined) throw new PolicyError("bundle_no_entrypoint");
		try {
			const { result, cost } = this.#pool.use((instance) =>
				instance.evaluate(number, inputJson, new InputTime(inputJson)),
			);
			const decision = reader.read(result);
			return { decision, revision: this.revision, cost, micros: (performance.now() - started) * 1000 };
		} catch (thrown) {
			if (thrown instanceof PolicyError) throw thrown;
			// The runtime's own, when it has no memory left for a new instance.
			throw new PolicyError("policy_trap", undefined, { operator: describeThrown(thrown), cause: thrown });
		}
	}
}
