import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Approvals, Webhook } from "./approvals/index.ts";
import { type Config, loadConfig } from "./config/index.ts";
import { ConnectionRegistry } from "./connections/index.ts";
import { BundleShelf, bundleInspector, createApp, Fleet } from "./control/index.ts";
import { Approval, Authoriser, Gate, Journal, LiveSessions, MaskFaults, Standing } from "./gate/index.ts";
import { Authenticator, Locks } from "./identity/index.ts";
import { type Log, newId, productVersion, systemClock } from "./lib/index.ts";
import { MaskKeys } from "./masking/index.ts";
import { DEFAULT_LIMITS, PolicyPlugins, PolicyRuntime } from "./policy/index.ts";
import { Recorder, recordDirectory } from "./recording/index.ts";
import { openStore } from "./store/index.ts";
import { adminDecisions } from "./wiring/admin-decisions.ts";
import { approvalRecord } from "./wiring/approval-record.ts";
import { bundleMetrics, opaStatusMetrics } from "./wiring/bundle-metrics.ts";
import { budgetsOf, connectionDirectory, sessionDirectory } from "./wiring/control-ports.ts";
import { decisionLogMetrics } from "./wiring/decision-log-metrics.ts";
import { discoveryOf, reportingOf } from "./wiring/discovery.ts";
import { PolicyReplay } from "./wiring/impact/replay-thread.ts";
import { addressOf, bindListener } from "./wiring/listener.ts";
import { metricsOf } from "./wiring/metrics.ts";
import { policyEval } from "./wiring/policy-eval.ts";
import { ShadowCandidate } from "./wiring/shadow.ts";
import { readTls } from "./wiring/tls.ts";

export interface Gateway {
	readonly listeners: readonly { readonly name: string; readonly address: string }[];
	/** Refuses new sessions, lets the open ones end, then cuts them. */
	stop(): Promise<void>;
	/** Reads the file's connections anew. A file with mistakes changes nothing. */
	reloadConnections(): void;
	/** Fetches all bundles and sends all reports now, whatever their trigger. Never rejects. */
	triggerPlugins(): Promise<void>;
}

/**
 * The composition root: builds every room from the configuration and wires them. Rejects when something that a
 * gateway can't be without is missing; a policy that can't be had yet is not among that: without one it denies.
 */
export async function startGateway(config: Config, log: Log): Promise<Gateway> {
	const clock = systemClock;
	mkdirSync(config.data_dir, { recursive: true, mode: 0o700 });
	const store = openStore(config.store.url, config.data_dir);
	const recorder = await Recorder.open({ dataDir: config.data_dir, config: config.recordings, log, clock });

	const controlAddress = addressOf(config.listeners.control.address);
	const authenticator = new Authenticator({
		config: config.identity,
		listenerHosts: hostsOf(config),
		tokens: store.tokens,
		log,
		clock,
	});
	const connections = new ConnectionRegistry(config.connections);
	const maskKeys = MaskKeys.open(join(config.data_dir, "keys"));

	const limits = { ...DEFAULT_LIMITS, budget: config.limits.decision_budget };
	const identity = { id: newId(clock.now()), version: productVersion() };
	const labels = { ...identity, ...config.labels };
	const policy = new PolicyRuntime({ ...config, labels }, { log, clock, limits });
	policy.onActivated(({ revision }) => {
		log.info({ revision }, "policy activated");
		recorder.appendLater({
			type: "policy",
			session: null,
			bundle: "",
			revision,
			state: "activated",
			message: null,
		});
	});

	const plugins = new PolicyPlugins({ config, runtime: policy, identity, log });
	const discovery = discoveryOf(config, policy, plugins, identity, log, clock);

	const sessions = new LiveSessions(config.limits.sessions);
	const { registry: metrics, meter } = metricsOf(sessions, policy, recorder);
	bundleMetrics(policy, [metrics]);
	if (config.status?.prometheus) opaStatusMetrics(policy, [metrics]);
	decisionLogMetrics(plugins, [metrics]);
	const webhooks = config.approvals.notify.map((webhook) => new Webhook(webhook, log));
	const baseUrl = config.listeners.control.public_url ?? controlUrl(config);
	const approvals = new Approvals({
		store: store.approvals,
		baseUrl,
		log,
		clock,
		onEvent: approvalRecord(recorder, sessions, log),
		notify: (event) => {
			for (const webhook of webhooks) webhook.notify(event);
		},
	});

	const locks = new Locks(store.locks, clock);
	const standing = new Standing({ policy, locks, sessions, clock, log });
	const journal = new Journal(recorder);
	const shadow = new ShadowCandidate(policy, clock, metrics);
	const replay = new PolicyReplay({
		policy,
		record: recordDirectory(config.recordings, config.data_dir),
		earlier: join(config.data_dir, "earlier-data"),
		budgets: () => budgetsOf(connections),
		log,
	});
	const maskFaults = new MaskFaults(policy);
	const gate = new Gate({
		policy,
		standing,
		approval: new Approval(approvals, { maxHoldInTransactionMs: config.approvals.max_hold_in_transaction }),
		journal,
		meter,
		decisions: plugins,
		maskFaults,
		watcher: shadow,
		clock,
		log,
	});
	const authoriser = new Authoriser(
		{
			authenticator,
			locks,
			standing,
			policy,
			journal,
			sessions,
			approvals,
			clock,
			decisions: plugins,
		},
		{ lifetime: config.identity.session_lifetime, graceMs: config.identity.session_grace },
	);

	const listener = await bindListener(config, connections, maskKeys, log, { gate, authoriser });

	const control = await createApp(
		{
			clock,
			log,
			authenticator,
			decideAdmin: adminDecisions(policy, plugins, clock),
			record: (event) => recorder.append(event),
			sessions: sessionDirectory(sessions),
			approvals,
			tokens: authenticator.apiTokens,
			maskKeys,
			locks,
			connections: connectionDirectory(connections, listener, policy),
			policy,
			reporting: reportingOf(plugins, discovery),
			maskFaults,
			policyEval: policyEval(policy, connections, listener, clock),
			policyShadow: shadow,
			policyReplay: replay,
			bundles: new BundleShelf({
				directory: join(config.data_dir, "shelf"),
				clock,
				keep: config.bundle_server.keep,
				waiting: config.bundle_server.max_waiting,
				...bundleInspector(config),
			}),
			bundleLimits: {
				bytes: config.bundle_server.size_limit_bytes,
				maxWaitMs: config.bundle_server.max_wait,
			},
			fleet: await Fleet.open(join(config.data_dir, "gateways.json"), clock, log),
			metrics,
			recordDirectory: recordDirectory(config.recordings, config.data_dir),
			recordHealthy: () => recorder.healthy,
		},
		readTls(config.listeners.control.tls) ?? undefined,
	);
	await control.listen(controlAddress);
	plugins.start();
	await policy.start(); // after the control listener: the bundle may be on our own shelf
	await discovery?.start();

	return {
		listeners: [
			{ name: "control", address: `${schemeOf(config)}://${new URL(control.listeningOrigin).host}` },
			...(listener === null ? [] : [{ name: "postgres", address: listener.address }]),
			...(listener?.socketPath ? [{ name: "postgres.path", address: listener.socketPath }] : []),
		],
		triggerPlugins: async () => {
			await discovery?.trigger();
			await policy.trigger();
			await Promise.all([plugins.trigger("status"), plugins.trigger("decision_logs")]);
		},
		reloadConnections: () => {
			try {
				const next = loadConfig(config.file, process.env).connections;
				if (listener === null && next.length > 0) throw new Error("connections need a listener: start anew");
				const changes = connections.replaceFromFile(next);
				listener?.connectionsChanged(connections.list());
				log.info({ ...changes }, "connections read");
			} catch (err) {
				log.error({ err }, "the connections stay as they were");
			}
		},
		stop: async () => {
			listener?.refuseNew();
			sessions.endWhere(() => true, {
				code: "gateway_stopping",
				message: "the gateway is shutting down",
				when: { graceMs: config.limits.drain_timeout },
			});
			await sessions.empty();
			await control.close();
			await shadow.stop();
			await discovery?.stop();
			await shadow.stop();
			await policy.stop();
			await replay.stop();
			await plugins.stop();
			for (const webhook of webhooks) webhook.close();
			approvals.close();
			await listener?.close();
			await recorder.close();
			store.close();
		},
	};
}

function hostsOf({ listeners: { control, postgres } }: Config): string[] {
	return [control, ...(postgres === null ? [] : [postgres])].map(({ address }) => addressOf(address).host);
}

/** What fastify says of a server that it was given is always http. */
function schemeOf({ listeners: { control } }: Config): "http" | "https" {
	return control.tls === undefined ? "http" : "https";
}

function controlUrl(config: Config): string {
	return `${schemeOf(config)}://${config.listeners.control.address}`;
}
