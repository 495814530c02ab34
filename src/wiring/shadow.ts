import { Gauge, type Registry } from "prom-client";
import type { PolicyShadow } from "../control/index.ts";
import { ControlError } from "../control/index.ts";
import { type DecisionWatcher, inputJson, namesMaskedValues } from "../gate/index.ts";
import type { Clock } from "../lib/index.ts";
import { CHANGES, type PolicyRuntime, Shadow } from "../policy/index.ts";

/** The one candidate that a gateway may have beside its policy: what the gate tells it, and what operators see. */
export class ShadowCandidate implements DecisionWatcher, PolicyShadow {
	readonly #policy: PolicyRuntime;
	readonly #clock: Clock;
	#shadow: Shadow | null = null;

	constructor(policy: PolicyRuntime, clock: Clock, metrics: Registry) {
		this.#policy = policy;
		this.#clock = clock;
		this.#measure(metrics);
	}

	decided: DecisionWatcher["decided"] = (session, decided) => {
		const { evaluation } = decided.asked;
		if (evaluation === null || this.#shadow === null || !this.#shadow.wants()) return;
		const head = session.inputHead; // of this moment: the client may name its reason anew
		this.#shadow.offer({
			decision: evaluation.decision,
			cost: evaluation.cost,
			budget: session.decisionBudget,
			input: () => {
				const { command, stage, parameters, asked } = decided;
				return inputJson(head, asked.decidedAt, asked.grants, command, stage, parameters);
			},
			command: () => ({
				id: decided.id,
				session: session.id,
				time: new Date(decided.asked.decidedAt).toISOString(),
				principal: `${session.principal.provider}/${session.principal.subject}`,
				connection: session.connection.name,
				text:
					decided.command.redactions.length > 0 || namesMaskedValues(evaluation.decision, decided.command)
						? "(withheld)"
						: decided.command.text,
			}),
		});
	};

	async start(archive: Uint8Array, share: number): Promise<void> {
		const { ready: candidate } = await this.#policy.consider(archive);
		await this.stop();
		this.#shadow = new Shadow(
			{ candidate, limits: this.#policy.limits },
			share,
			() => this.#policy.active?.revision ?? "",
			this.#clock.now(),
		);
	}

	status() {
		if (this.#shadow === null) throw new ControlError("not_found", "No candidate runs beside the policy.");
		return this.#shadow.status();
	}

	async stop(): Promise<void> {
		const shadow = this.#shadow;
		this.#shadow = null;
		await shadow?.stop();
	}

	#measure(registry: Registry): void {
		const status = () => this.#shadow?.status();
		const registers = [registry];
		new Gauge({
			name: "sallyport_shadow_decisions",
			help: "Live decisions that the candidate beside the policy was asked about, since it was started.",
			registers,
			collect() {
				this.set(status()?.report.replayed ?? 0);
			},
		});
		new Gauge({
			name: "sallyport_shadow_changes",
			help: "Of these, decisions that the candidate would have made otherwise, by how.",
			labelNames: ["change"],
			registers,
			collect() {
				const changes = status()?.report.changes;
				for (const change of CHANGES) this.set({ change }, changes?.[change] ?? 0);
			},
		});
		new Gauge({
			name: "sallyport_shadow_dropped",
			help: "Live decisions that were not looked at because the candidate was behind.",
			registers,
			collect() {
				this.set(status()?.dropped ?? 0);
			},
		});
	}
}
