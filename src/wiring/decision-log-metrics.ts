import { Counter, Gauge, type Registry } from "prom-client";
import { LOSSES, type PolicyPlugins } from "../policy/index.ts";

/** What became of decisions that were to be logged. */
export function decisionLogMetrics(plugins: PolicyPlugins, registers: Registry[]): void {
	const { counters } = plugins;
	new Counter({
		name: "sallyport_decision_log_dropped_total",
		help: "Decisions that were not logged, by why. The record has them.",
		labelNames: ["reason"],
		registers,
		collect() {
			this.reset();
			for (const reason of LOSSES) this.inc({ reason }, counters.dropped[reason]);
		},
	});
	new Counter({
		name: "sallyport_decision_log_uploaded_total",
		help: "Decisions that the service has taken.",
		registers,
		collect() {
			this.reset();
			this.inc(counters.uploadedEvents);
		},
	});
	new Counter({
		name: "sallyport_decision_log_left_out_total",
		help: "Decisions that the rule of drop_decision left out.",
		registers,
		collect() {
			this.reset();
			this.inc(counters.leftOut);
		},
	});
	new Counter({
		name: "sallyport_decision_log_failed_uploads_total",
		help: "Uploads that failed; what they held is tried again.",
		registers,
		collect() {
			this.reset();
			this.inc(counters.failedUploads);
		},
	});
	new Gauge({
		name: "sallyport_decision_log_waiting",
		help: "Decisions that wait to be uploaded.",
		registers,
		collect() {
			this.set(plugins.waiting);
		},
	});
}
