import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { LiveSessions, Meter } from "../gate/index.ts";
import type { PolicyRuntime } from "../policy/index.ts";
import type { Recorder } from "../recording/index.ts";

const ACTIONS = ["allow", "deny", "mask", "require_approval", "failed"] as const;

export interface Metrics {
	readonly registry: Registry;
	readonly meter: Meter;
}

/** Prometheus metrics of one gateway. */
export function metricsOf(sessions: LiveSessions, policy: PolicyRuntime, recorder: Recorder): Metrics {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry });
	const registers = [registry];
	/** Since the metrics were last read: counting in them costs more than everything else that is done here. */
	const decided = { allow: 0, deny: 0, mask: 0, require_approval: 0, failed: 0 };
	new Counter({
		name: "sallyport_decisions_total",
		help: "Commands decided, by what became of them; `failed` are denied because no decision could be had.",
		labelNames: ["action"],
		registers,
		collect() {
			for (const action of ACTIONS) {
				this.inc({ action }, decided[action]);
				decided[action] = 0;
			}
		},
	});
	const seconds = new Histogram({
		name: "sallyport_decision_seconds",
		help: "Time of one policy evaluation.",
		buckets: [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.01, 0.1],
		registers,
	});
	const cost = new Histogram({
		name: "sallyport_decision_cost_units",
		help: "Budget units that one policy evaluation spent.",
		buckets: [500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000, 1_000_000],
		registers,
	});
	new Gauge({
		name: "sallyport_sessions",
		help: "Sessions that are open.",
		registers,
		collect() {
			this.set(sessions.size);
		},
	});
	new Gauge({
		name: "sallyport_record_healthy",
		help: "1 while the record can be written; 0: everything is refused.",
		registers,
		collect() {
			this.set(recorder.healthy ? 1 : 0);
		},
	});
	new Gauge({
		name: "sallyport_policy_info",
		help: "1 for the policy revision in force.",
		labelNames: ["revision"],
		registers,
		collect() {
			this.reset();
			if (policy.active !== undefined) this.set({ revision: policy.active.revision }, 1);
		},
	});
	return {
		registry,
		meter: {
			decided(action, micros, units) {
				decided[action] += 1;
				if (micros === 0) return;
				seconds.observe(micros / 1_000_000);
				cost.observe(units);
			},
		},
	};
}
