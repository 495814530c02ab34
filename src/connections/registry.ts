import { isLoopback } from "../lib/index.ts";
import type { ConnectionConfig } from "./config.ts";
import type { Connection, Target, UpstreamHost, UpstreamTls } from "./connection.ts";
import { ConnectionError } from "./errors.ts";

/** What a reading of the file changed, by names. */
export interface ConnectionChanges {
	readonly added: readonly string[];
	readonly changed: readonly string[];
	readonly removed: readonly string[];
}

/** The connections that clients can reach. What a session holds of one is never changed under it. */
export class ConnectionRegistry {
	#connections: ReadonlyMap<string, Connection> = new Map();

	/** Throws `connection_duplicate`. */
	constructor(configs: readonly ConnectionConfig[] = []) {
		this.replaceFromFile(configs);
	}

	get(name: string): Connection | undefined {
		return this.#connections.get(name);
	}

	/** All of them, by name. */
	list(): Connection[] {
		return [...this.#connections.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
	}

	/**
	 * Takes the file's connections in place of those that it had before. All or nothing: throws
	 * `connection_duplicate` and changes nothing. A connection whose settings are the same stays the same object;
	 * open sessions go on with the one that they began with.
	 */
	replaceFromFile(configs: readonly ConnectionConfig[]): ConnectionChanges {
		const next = new Map<string, Connection>();
		const added: string[] = [];
		const changed: string[] = [];
		for (const config of configs) {
			if (next.has(config.name)) {
				throw new ConnectionError("connection_duplicate", `Two connections have the name "${config.name}".`);
			}
			const before = this.#connections.get(config.name);
			const after = toConnection(config);
			if (before === undefined) added.push(config.name);
			else if (!sameSettings(before, after)) changed.push(config.name);
			next.set(config.name, before !== undefined && sameSettings(before, after) ? before : after);
		}
		const removed = [...this.#connections.keys()].filter((name) => !next.has(name));
		this.#connections = next;
		return { added, changed, removed };
	}

	/**
	 * What `NAME` or `NAME/DATABASE` stands for. Only the connection's own database and those that it lists can be
	 * chosen. Throws `connection_unknown` or `connection_database_unlisted`.
	 */
	resolve(asked: string): Target {
		const slash = asked.indexOf("/");
		const name = slash === -1 ? asked : asked.slice(0, slash);
		const connection = this.#connections.get(name);
		if (connection === undefined)
			throw new ConnectionError("connection_unknown", `There is no connection "${name}".`);
		const database = slash === -1 ? connection.upstream.database : asked.slice(slash + 1);
		if (database !== connection.upstream.database && !connection.databases.includes(database)) {
			throw new ConnectionError(
				"connection_database_unlisted",
				`The connection "${name}" does not offer the database "${database}".`,
			);
		}
		return { connection, database };
	}
}

function toConnection(config: ConnectionConfig): Connection {
	const { database, user, password, tls } = config.upstream;
	const hosts = hostsOf(config);
	const near = hosts.every(({ host }) => host.startsWith("/") || isLoopback(host));
	const mode = tls.mode ?? (near ? "prefer" : "verify-full");
	const upstreamTls: UpstreamTls = { ...tls, mode };
	return {
		name: config.name,
		type: config.type,
		labels: { ...config.labels },
		databases: [...config.databases],
		decisionBudget: config.decision_budget ?? null,
		upstream: {
			hosts,
			targetSessionAttrs: config.upstream.target_session_attrs,
			connectTimeoutMs: config.upstream.connect_timeout,
			pooler: config.upstream.pooler,
			...{ database, user, password, tls: upstreamTls },
		},
	};
}

/** The configuration's rules see to it that there is one or the other. */
function hostsOf({ upstream: { host, port, hosts } }: ConnectionConfig): readonly UpstreamHost[] {
	return hosts ?? (host === undefined ? [] : [{ host, port }]);
}

/** Compares everything but the password as text, and the password without printing it. */
function sameSettings(a: Connection, b: Connection): boolean {
	const [mine, theirs] = [a.upstream.password, b.upstream.password];
	if (mine === null || theirs === null) return mine === theirs && settingsText(a) === settingsText(b);
	return settingsText(a) === settingsText(b) && mine.equals(theirs);
}

function settingsText({ type, labels, databases, decisionBudget, upstream }: Connection): string {
	const { hosts, targetSessionAttrs, connectTimeoutMs, pooler, database, user, tls } = upstream;
	const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
	return JSON.stringify([
		type,
		sorted,
		databases,
		decisionBudget,
		hosts.map(({ host, port }) => [host, port]),
		targetSessionAttrs,
		connectTimeoutMs,
		pooler,
		database,
		user,
		tls.mode,
		tls.ca,
		tls.cert,
		tls.key,
	]);
}
