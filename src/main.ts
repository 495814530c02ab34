import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Approvals, Webhook } from "./approvals/index.ts";
import { type Config, loadConfig, splitAddress } from "./config/index.ts";
import { ConnectionRegistry } from "./connections/index.ts";
import { BundleShelf, bundleInspector, createApp } from "./control/index.ts";
import { Approval, Authoriser, Gate, Journal, LiveSessions, Standing } from "./gate/index.ts";
import { Authenticator, Locks } from "./identity/index.ts";
import { type Log, systemClock } from "./lib/index.ts";
import { DEFAULT_LIMITS, PolicyError, PolicyRuntime } from "./policy/index.ts";
import { type PostgresListenerConfig, postgres } from "./protocols/index.ts";
import { Recorder, recordDirectory } from "./recording/index.ts";
import { openStore } from "./store/index.ts";
import { approvalRecord } from "./wiring/approval-record.ts";
import { connectionDirectory, policyEval, sessionDirectory } from "./wiring/control-ports.ts";
import { PolicyReplay } from "./wiring/impact/replay-thread.ts";
import { metricsOf } from "./wiring/metrics.ts";

export interface Gateway {
	readonly listeners: readonly { readonly name: string; readonly address: string }[];
	/** Refuses new sessions, lets the open ones end, then cuts them. */
	stop(): Promise<void>;
	/** Reads the file's connections anew. A file with mistakes changes nothing. */
	reloadConnections(): void;
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
	const postgresAddress = addressOf(config.listeners.postgres.address);
	const authenticator = new Authenticator({
		config: config.identity,
		listenerHosts: [controlAddress.host, postgresAddress.host],
		tokens: store.tokens,
		log,
		clock,
	});
	const connections = new ConnectionRegistry(config.connections);

	const limits = { ...DEFAULT_LIMITS, budget: config.limits.decision_budget };
	const policy = new PolicyRuntime(config, { log, clock, limits });
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

	const sessions = new LiveSessions(config.limits.sessions);
	const { registry: metrics, meter } = metricsOf(sessions, policy, recorder);
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
	const gate = new Gate({
		policy,
		standing,
		approval: new Approval(approvals, { maxHoldInTransactionMs: config.approvals.max_hold_in_transaction }),
		journal,
		meter,
		clock,
		log,
	});
	const authoriser = new Authoriser(
		{ authenticator, locks, standing, policy, journal, sessions, approvals, clock },
		{ lifetime: config.identity.session_lifetime, graceMs: config.identity.session_grace },
	);

	const listener = await postgres.bind(
		{
			...postgresAddress,
			local: localSocket(config),
			oauth: oauthOffer(config),
			tls: readTls(config.listeners.postgres.tls),
			connections,
			log,
			limits: {
				handshakes: config.limits.handshakes,
				handshakeTimeoutMs: config.limits.handshake_timeout,
				messageBytes: config.limits.message_bytes,
				serverMessageBytes: config.limits.server_message_bytes,
				waitingBytes: config.limits.waiting_bytes,
				heldBytes: config.limits.held_bytes,
				statementsPerSession: config.limits.statements_per_session,
				portalsPerSession: config.limits.portals_per_session,
			},
			grammar: {
				maxBytes: config.limits.sql_bytes,
				maxNesting: config.limits.sql_depth,
				timeoutMs: config.limits.parse_timeout,
				cacheBytes: config.limits.parse_cache_bytes,
			},
			analysisTimeoutMs: config.limits.analysis_timeout,
			staleBoundMs: config.limits.schema_staleness,
		},
		{ gate, authoriser },
	);

	const control = await createApp(
		{
			clock,
			log,
			authenticator,
			decideAdmin: (inputJson) => {
				if (policy.active === undefined) throw new PolicyError("no_policy");
				return policy.active.decideAdmin(inputJson);
			},
			record: (event) => recorder.append(event),
			sessions: sessionDirectory(sessions),
			approvals,
			tokens: authenticator.apiTokens,
			locks,
			connections: connectionDirectory(connections, listener),
			policy,
			policyEval: policyEval(policy, connections, listener, clock),
			policyReplay: new PolicyReplay(policy, recordDirectory(config.recordings, config.data_dir)),
			bundles: new BundleShelf({
				directory: join(config.data_dir, "shelf"),
				clock,
				...bundleInspector(config),
			}),
			metrics,
			recordDirectory: recordDirectory(config.recordings, config.data_dir),
			recordHealthy: () => recorder.healthy,
		},
		readTls(config.listeners.control.tls) ?? undefined,
	);
	await control.listen(controlAddress);
	await policy.start(); // after the control listener: the bundle may be on our own shelf

	return {
		listeners: [
			{ name: "control", address: control.listeningOrigin },
			{ name: "postgres", address: listener.address },
			...(listener.socketPath === null ? [] : [{ name: "postgres.path", address: listener.socketPath }]),
		],
		reloadConnections: () => {
			try {
				const changes = connections.replaceFromFile(loadConfig(config.file, process.env).connections);
				listener.connectionsChanged(connections.list());
				log.info({ ...changes }, "connections read");
			} catch (err) {
				log.error({ err }, "the connections stay as they were");
			}
		},
		stop: async () => {
			listener.refuseNew();
			sessions.endWhere(() => true, {
				code: "gateway_stopping",
				message: "the gateway is shutting down",
				when: { graceMs: config.limits.drain_timeout },
			});
			await sessions.empty();
			await control.close();
			await policy.stop();
			for (const webhook of webhooks) webhook.close();
			approvals.close();
			await listener.close();
			await recorder.close();
			store.close();
		},
	};
}

/** Checked by the configuration's schema. */
function addressOf(address: string): { host: string; port: number } {
	const split = splitAddress(address);
	if (split === undefined) throw new Error(`not an address: ${address}`);
	return split;
}

function localSocket({ listeners: { postgres } }: Config): PostgresListenerConfig["local"] {
	const { path, permissions } = postgres;
	return path === undefined ? null : { directory: path, permissions: Number.parseInt(permissions, 8) };
}

function oauthOffer({ listeners: { postgres }, identity }: Config): PostgresListenerConfig["oauth"] {
	const { oauth } = postgres;
	const provider = identity.providers.find(({ name }) => name === oauth?.provider);
	if (oauth === undefined || provider === undefined) return null;
	return { issuer: provider.issuer, scope: oauth.scope, users: new Set(oauth.users) };
}

function controlUrl({ listeners: { control } }: Config): string {
	return `${control.tls === undefined ? "http" : "https"}://${control.address}`;
}

function readTls(
	tls: { readonly cert: string; readonly key: string } | undefined,
): { cert: string; key: string } | null {
	return tls === undefined
		? null
		: { cert: readFileSync(tls.cert, "utf8"), key: readFileSync(tls.key, "utf8") };
}
