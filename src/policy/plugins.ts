import type { Log } from "../lib/index.ts";
import type { BundleStatus } from "./active.ts";
import { misconfigured } from "./bundle/parts.ts";
import type { PolicyConfig } from "./config.ts";
import { DecisionLogCounters } from "./decision-log/counters.ts";
import { DecisionLog } from "./decision-log/decision-log.ts";
import type { DecisionFacts } from "./decision-log/event.ts";
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
	readonly #options: PluginOptions;
	#config: PolicyConfig;
	#status: StatusReporter | undefined;
	#decisionLog: DecisionLog | undefined;
	#decisionLogError: PolicyError | null = null;
	/** Of decision logs that another configuration has ended. */
	readonly counters = new DecisionLogCounters();
	/** How discovery fares; undefined where there is none. */
	discovery: (() => BundleStatus) | undefined;

	/** Throws PolicyError bundle_config when a plugin names a service that isn't there. */
	constructor(options: PluginOptions) {
		this.#options = options;
		this.#config = options.config;
		this.#status = this.#statusReporter(options.config);
		this.#decisionLog = this.#newDecisionLog(options.config);
		options.runtime.onAttempt(() => this.changed());
	}

	/** Whether decisions are logged. */
	get wanted(): boolean {
		return this.#decisionLog !== undefined;
	}

	/** How many decisions wait to be uploaded. */
	get waiting(): number {
		return this.#decisionLog?.waiting ?? 0;
	}

	/** Takes a decision over, if they are logged. Never throws. */
	take(facts: DecisionFacts): void {
		this.#decisionLog?.take(facts);
	}

	/** Something has changed that is reported. */
	changed(): void {
		this.#status?.changed();
	}

	start(): void {
		this.#status?.start();
		this.#decisionLog?.start();
		this.#status?.changed();
	}

	/**
	 * Goes on with another configuration; what waited is sent by the old one first. Throws PolicyError bundle_config: then
	 * nothing has changed.
	 */
	reconfigure(config: PolicyConfig): void {
		const status = this.#statusReporter(config);
		const decisionLog = this.#newDecisionLog(config);
		const before = { status: this.#status, decisionLog: this.#decisionLog };
		this.#config = config;
		this.#status = status;
		this.#decisionLog = decisionLog;
		this.start();
		void before.status?.stop();
		void before.decisionLog?.stop();
	}

	#statusReporter(config: PolicyConfig): StatusReporter | undefined {
		const { status } = config;
		if (status === undefined) return undefined;
		const client = clientOf("status", status.service, config);
		const { log } = this.#options;
		return new StatusReporter({ config: status, client, report: () => this.report(), log });
	}

	#newDecisionLog(config: PolicyConfig): DecisionLog | undefined {
		const { decision_logs: logs } = config;
		if (logs === undefined) return undefined;
		const { runtime, log } = this.#options;
		return new DecisionLog({
			config: logs,
			client: clientOf("decision_logs", logs.service, config),
			policy: runtime,
			labels: this.#labelsOf(config),
			counters: this.counters,
			log,
			onRound: (error) => this.#decisionLogRound(error),
		});
	}

	#labelsOf({ labels }: PolicyConfig): Readonly<Record<string, string>> {
		return { ...this.#options.identity, ...labels };
	}

	/** Sends now what a plugin has to send. False when it isn't configured. */
	async trigger(plugin: "status" | "decision_logs"): Promise<boolean> {
		const asked = plugin === "status" ? this.#status : this.#decisionLog;
		await asked?.trigger();
		return asked !== undefined;
	}

	/** Sends what is left, for some seconds at most. */
	async stop(): Promise<void> {
		await this.#decisionLog?.stop();
		await this.#status?.stop();
	}

	/** The state of things as it is reported. */
	report(): StatusReport {
		const { runtime } = this.#options;
		const bundles = runtime.status();
		const ready = bundles.every(({ lastActivation, error }) => lastActivation !== null && error === null);
		return {
			labels: this.#labelsOf(this.#config),
			bundles: Object.fromEntries(bundles.map((status) => [status.name, reportedBundle(status)])),
			...(this.#decisionLog === undefined
				? {}
				: {
						decision_logs: reportedDecisionLogs(this.#decisionLogError, this.#decisionLog.counters.metrics()),
					}),
			plugins: this.#plugins(ready),
		};
	}

	#plugins(bundlesReady: boolean): StatusReport["plugins"] {
		const state = (ok: boolean): { state: PluginState } => ({ state: ok ? "OK" : "NOT_READY" });
		const plugins: Partial<Record<PluginName, { state: PluginState }>> = { bundle: state(bundlesReady) };
		if (this.#status !== undefined) plugins.status = state(true);
		if (this.#decisionLog !== undefined) plugins.decision_logs = state(true);
		if (this.discovery !== undefined) plugins.discovery = state(this.discovery().lastActivation !== null);
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
