import type { Connection, ConnectionRegistry } from "../connections/index.ts";
import type {
	ConnectionDirectory,
	ConnectionTrial,
	SessionDirectory,
	SessionView,
} from "../control/index.ts";
import type { GatedSession, LiveSessions } from "../gate/index.ts";
import { describeThrown, SallyportError } from "../lib/index.ts";
import { NO_DETECTOR_SETTINGS, type PolicyRuntime } from "../policy/index.ts";
import { type Listener, tryConnection } from "../protocols/index.ts";
import { scanned } from "./connection-scan.ts";

/** The open sessions as the control plane shows them. */
export function sessionDirectory(sessions: LiveSessions): SessionDirectory {
	return {
		list: () => sessions.list().map(viewOf),
		get: (id) => {
			const session = sessions.get(id);
			return session === undefined ? undefined : viewOf(session);
		},
		kill: (id, message) => sessions.kill(id, message),
	};
}

function viewOf(session: GatedSession): SessionView {
	const { subject, kind, provider, issuer } = session.principal;
	const { name, labels } = session.connection;
	return {
		id: session.id,
		state: "open",
		principal: { subject, kind, provider, issuer },
		connection: { name, labels },
		database: session.database,
		started_at: session.context.started_at,
		ended_at: null,
		end_reason: null,
		client_address: session.context.client_address,
		commands: session.commands,
	};
}

/** What decisions may spend on connections that have a budget of their own, by name. */
export function budgetsOf(registry: ConnectionRegistry): ReadonlyMap<string, number> {
	return new Map(
		registry
			.list()
			.flatMap(({ name, decisionBudget }) => (decisionBudget === null ? [] : [[name, decisionBudget]])),
	);
}

/** Without a listener there are no connections either. */
export function connectionDirectory(
	registry: ConnectionRegistry,
	listener: Listener | null,
	policy: Pick<PolicyRuntime, "active">,
): ConnectionDirectory {
	const host = listener?.address.slice(0, listener.address.lastIndexOf(":")) ?? "";
	const summary = ({ name, type, labels, databases }: Connection) => ({
		name,
		type,
		labels,
		databases,
		endpoint: { host, port: listener?.port ?? 0, tls: listener?.tls ?? false },
	});
	return {
		list: () => registry.list().map(summary),
		get: (name) => {
			const connection = registry.get(name);
			return connection === undefined ? undefined : summary(connection);
		},
		test: async (name) => {
			const connection = registry.get(name);
			const started = performance.now();
			if (connection === undefined)
				return failedTrial(new Error(`there is no connection "${name}"`), started);
			try {
				const { serverVersion, tls } = await tryConnection(connection);
				return {
					ok: true,
					server_version: serverVersion,
					encrypted: tls,
					milliseconds: since(started),
					error: null,
				};
			} catch (thrown) {
				return failedTrial(thrown, started);
			}
		},
		scan: (name, bounds) => scanned(registry, name, bounds, policy.active?.detectors ?? NO_DETECTOR_SETTINGS),
	};
}

function failedTrial(thrown: unknown, started: number): ConnectionTrial {
	const { code, remedy } =
		thrown instanceof SallyportError ? thrown : { code: "internal", remedy: "see the gateway's log" };
	return {
		ok: false,
		server_version: null,
		encrypted: null,
		milliseconds: since(started),
		error: { code, message: describeThrown(thrown), remedy },
	};
}

const since = (started: number) => Math.round((performance.now() - started) * 10) / 10;
