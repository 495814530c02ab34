import { timeContext } from "../commands/index.ts";
import type { Connection, ConnectionRegistry } from "../connections/index.ts";
import {
	type ConnectionDirectory,
	type ConnectionTrial,
	ControlError,
	type EvalAnswer,
	type EvalRequest,
	type SessionDirectory,
	type SessionView,
} from "../control/index.ts";
import { commandInput, type GatedSession, type LiveSessions, TargetRefusal } from "../gate/index.ts";
import type { Principal } from "../identity/index.ts";
import { type Clock, describeThrown, newId, SallyportError } from "../lib/index.ts";
import { PolicyError, type PolicyRuntime } from "../policy/index.ts";
import { type Analyses, type Listener, tryConnection } from "../protocols/index.ts";

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

/** Without a listener there are no connections either. */
export function connectionDirectory(
	registry: ConnectionRegistry,
	listener: Listener | null,
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

/** Reads and decides a text as a session that has just begun would, without running it. */
export function policyEval(
	policy: PolicyRuntime,
	registry: ConnectionRegistry,
	listener: Analyses | null,
	clock: Clock,
) {
	return async (request: EvalRequest & { principal: Principal }): Promise<EvalAnswer> => {
		const { connection } = registry.resolve(request.connection);
		if (listener === null) throw new Error("there is no listener");
		const command = await listener.analyse(request.sql, connection).catch(refusedByTarget);
		const active = policy.active;
		if (active === undefined) throw new PolicyError("no_policy");
		const now = clock.now();
		const input = commandInput(
			{
				principal: request.principal,
				connection: { name: connection.name, type: connection.type, labels: { ...connection.labels } },
				session: {
					id: newId(now),
					started_at: new Date(now).toISOString(),
					client_address: "",
					client_application: "policy eval",
					reason: request.reason ?? "",
					startup: { user: request.principal.subject, settings: {}, options: "" },
				},
			},
			timeContext(now),
			command,
		);
		const { decision, revision, cost, micros } = active.decideCommand(input);
		return { input: JSON.parse(input), decision, revision, cost, micros };
	};
}

/** What the target itself would answer to the text (a syntax error) is the caller's mistake. */
function refusedByTarget(thrown: unknown): never {
	if (!(thrown instanceof TargetRefusal)) throw thrown;
	const { message, position } = thrown.target;
	const place = position === null ? "" : ` (at character ${position})`;
	throw new ControlError("request_invalid", `${message}${place}`, {
		remedy: "Correct the text: the target would refuse it before the policy is asked.",
		cause: thrown,
	});
}
