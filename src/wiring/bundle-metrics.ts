import { Counter, Gauge, type Registry } from "prom-client";
import type { PolicyRuntime } from "../policy/index.ts";

/** How fetching and activating bundles goes. */
export function bundleMetrics(policy: PolicyRuntime, registers: Registry[]): void {
	const failures = new Counter({
		name: "sallyport_bundle_failures_total",
		help: "Attempts to fetch or activate a bundle that failed, by the error's code. The revision before stays in force.",
		labelNames: ["bundle", "code"],
		registers,
	});
	policy.onAttempt(({ name, error }) => {
		if (error !== null) failures.inc({ bundle: name, code: error.code });
	});
	new Gauge({
		name: "sallyport_bundle_healthy",
		help: "1 while the last attempt on a bundle did not fail and it is in force.",
		labelNames: ["bundle"],
		registers,
		collect() {
			this.reset();
			for (const { name, error, activeRevision } of policy.status())
				this.set({ bundle: name }, error === null && activeRevision !== null ? 1 : 0);
		},
	});
	new Gauge({
		name: "sallyport_bundle_activation_timestamp_seconds",
		help: "When a bundle's revision came into force.",
		labelNames: ["bundle"],
		registers,
		collect() {
			this.reset();
			for (const { name, lastActivation } of policy.status())
				if (lastActivation !== null) this.set({ bundle: name }, lastActivation / 1000);
		},
	});
}

/** OPA's own names for the same, for whoever has `status.prometheus` and dashboards made for OPA. */
export function opaStatusMetrics(policy: PolicyRuntime, registers: Registry[]): void {
	const loaded = new Counter({
		name: "bundle_loaded_counter",
		help: "Attempts on a bundle that did not fail.",
		labelNames: ["name"],
		registers,
	});
	const failed = new Counter({
		name: "bundle_failed_load_counter",
		help: "Attempts on a bundle that failed.",
		labelNames: ["name", "code", "message"],
		registers,
	});
	policy.onAttempt(({ name, error }) => {
		if (error === null) loaded.inc({ name });
		else failed.inc({ name, code: "bundle_error", message: error.code });
	});
	const times = {
		last_success_bundle_activation: "lastActivation",
		last_success_bundle_download: "lastSuccessfulDownload",
		last_success_bundle_request: "lastSuccessfulRequest",
		last_bundle_request: "lastAttempt",
	} as const;
	for (const [name, field] of Object.entries(times)) {
		new Gauge({
			name,
			help: "In nanoseconds since the epoch.",
			labelNames: ["name"],
			registers,
			collect() {
				this.reset();
				for (const status of policy.status()) this.set({ name: status.name }, (status[field] ?? 0) * 1e6);
			},
		});
	}
	new Gauge({
		name: "plugin_status_gauge",
		help: "1 for the state that a plugin is in.",
		labelNames: ["name", "status"],
		registers,
		collect() {
			this.reset();
			const ready = policy
				.status()
				.every(({ error, activeRevision }) => error === null && activeRevision !== null);
			this.set({ name: "bundle", status: ready ? "OK" : "NOT_READY" }, 1);
		},
	});
}
