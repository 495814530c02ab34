import type { Log } from "../lib/index.ts";
import { misconfigured } from "./bundle/parts.ts";
import type { PolicyConfig } from "./config.ts";
import { DecisionLog } from "./decision-log/decision-log.ts";
import type { PolicyError } from "./errors.ts";
import type { PolicyRuntime } from "./runtime.ts";
import { ServiceClient } from "./services/client.ts";
import {
	type PluginName,
	type PluginState,
	reportedBundle,
	reportedDecisionLogs,
	type StatusReport,
} from "./status/report.ts";
import { StatusReporter } from "./status/reporter.ts";

export interface PluginOptions {
	readonly config: PolicyConfig;
	readonly runtime: PolicyRuntime;
	/** Who this gateway is, beside the labels of the configuration. */
	readonly identity: { readonly id: string; readonly version: string };
	readonly log: Log;
}

/** What reports on the policy at work: the status of its delivery, and the log of its decisions. */
export class PolicyPlugins {
	/** Undefined where decisions aren't logged. */
	readonly decisionLog: DecisionLog | undefined;
	readonly #status: StatusReporter | undefined;
	readonly #options: PluginOptions;
	readonly #labels: Readonly<Record<string, string>>;
	#decisionLogError: PolicyError | null = null;

	/** Throws PolicyError bundle_config when a plugin names a service that isn't there. */
	constructor(options: PluginOptions) {
		this.#options = options;
		const { config, runtime, log, identity } = options;
		this.#labels = { ...identity, ...config.labels };
		const { status, decision_logs: logs } = config;
		this.#status =
			status &&
			new StatusReporter({
				config: status,
				client: clientOf("status", status.service, config),
				report: () => this.report(),
				log,
			});
		this.decisionLog =
			logs &&
			new DecisionLog({
				config: logs,
				client: clientOf("decision_logs", logs.service, config),
				policy: runtime,
				labels: this.#labels,
				log,
				onRound: (error) => this.#decisionLogRound(error),
			});
		runtime.onAttempt(() => this.#status?.changed());
	}

	start(): void {
		this.#status?.start();
		this.decisionLog?.start();
		this.#status?.changed();
	}

	/** Sends now what a plugin has to send. False when it isn't configured. */
	async trigger(plugin: "status" | "decision_logs"): Promise<boolean> {
		const asked = plugin === "status" ? this.#status : this.decisionLog;
		await asked?.trigger();
		return asked !== undefined;
	}

	/** Sends what is left, for some seconds at most. */
	async stop(): Promise<void> {
		await this.decisionLog?.stop();
		await this.#status?.stop();
	}

	/** The state of things as it is reported. */
	report(): StatusReport {
		const { runtime } = this.#options;
		const bundles = runtime.status();
		const ready = bundles.every(({ lastActivation, error }) => lastActivation !== null && error === null);
		return {
			labels: this.#labels,
			bundles: Object.fromEntries(bundles.map((status) => [status.name, reportedBundle(status)])),
			...(this.decisionLog === undefined
				? {}
				: {
						decision_logs: reportedDecisionLogs(this.#decisionLogError, this.decisionLog.counters.metrics()),
					}),
			plugins: this.#plugins(ready),
		};
	}

	#plugins(bundlesReady: boolean): StatusReport["plugins"] {
		const state = (ok: boolean): { state: PluginState } => ({ state: ok ? "OK" : "NOT_READY" });
		const plugins: Partial<Record<PluginName, { state: PluginState }>> = { bundle: state(bundlesReady) };
		if (this.#status !== undefined) plugins.status = state(true);
		if (this.decisionLog !== undefined) plugins.decision_logs = state(true);
		return plugins;
	}

	#decisionLogRound(error: PolicyError | null): void {
		const before = this.#decisionLogError;
		const isNews = before?.operator !== error?.operator || before?.code !== error?.code;
		this.#decisionLogError = error;
		if (!isNews) return;
		this.#status?.changed();
		if (error === null || error.code === "decision_log_mask") return;
		const { code, operator, remedy } = error;
		this.#options.log.error({ code, operator, remedy }, error.message);
	}
}

function clientOf(
	section: string,
	name: string | undefined,
	config: PolicyConfig,
): ServiceClient | undefined {
	if (name === undefined) return undefined;
	const service = config.services[name];
	if (service === undefined) throw misconfigured(section, `the service ${name} is not configured`);
	return new ServiceClient(service, config.keys);
}
