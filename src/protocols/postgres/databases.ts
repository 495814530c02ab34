import type { Connection } from "../../connections/index.ts";
import type { Log } from "../../lib/index.ts";
import type { MaskKeys } from "../../masking/index.ts";
import { SqlAnalyser } from "./analyse.ts";
import { CatalogKeeper } from "./catalog/index.ts";
import { Grammar, type GrammarLimits } from "./grammar/index.ts";
import type { Database } from "./session/parts.ts";
import { ControlConnection, connectUpstream, type PostgresServer, serverKey } from "./upstream/index.ts";

export interface DatabasesOptions {
	readonly grammar: GrammarLimits;
	/** Milliseconds that the analysis of one text may take. */
	readonly analysisTimeoutMs: number;
	/** Milliseconds within which DDL that did not come through the gateway is noticed. */
	readonly staleBoundMs: number;
	/** For `hash` and `tokenise`: by the connection's name. */
	readonly maskKeys: Pick<MaskKeys, "of">;
	readonly log: Log;
}

/** Less than the 5 s that DROP DATABASE waits for others to leave; more than a client takes to come back. */
const REST_AFTER_MS = 1_000;

interface Held {
	readonly database: Promise<Database>;
	readonly keeper: CatalogKeeper;
	readonly server: PostgresServer;
	users: number;
	/** Runs while nobody uses it. */
	rest?: NodeJS.Timeout;
	/** Sessions go elsewhere by now, or the connection is configured otherwise: close when the last has gone. */
	retired: boolean;
}

/** A database in use, to be given back once. */
export interface DatabaseLease {
	readonly database: Database;
	readonly release: () => void;
}

/**
 * What sessions on one database of one server share, made when the first of them needs it. Servers of one connection
 * are told apart, because a standby's catalog lags behind, and after a failover it is another server's.
 */
export class Databases {
	readonly #options: DatabasesOptions;
	readonly #grammars = new Map<number, Promise<Grammar>>();
	/** By connection, then by database; of the servers that have users, the one that was asked for last comes last. */
	readonly #held = new Map<Connection, Map<string, Held[]>>();

	constructor(options: DatabasesOptions) {
		this.#options = options;
	}

	/** Rejects with CatalogError or GrammarError (an unsupported server). */
	async acquire(connection: Connection, name: string, server: PostgresServer): Promise<DatabaseLease> {
		const held = this.#find(connection, name, server);
		held.users += 1;
		clearTimeout(held.rest);
		let released = false;
		const release = () => {
			if (released) return;
			released = true;
			held.users -= 1;
			if (held.users > 0) return;
			if (held.retired) this.#drop(connection, name, held);
			else held.rest = setTimeout(() => held.keeper.rest(), REST_AFTER_MS).unref();
		};
		try {
			return { database: await held.database, release };
		} catch (thrown) {
			held.retired = true;
			release();
			throw thrown;
		}
	}

	/** On the server that sessions went to last; on the one that they would go to now where there were none. */
	async acquireAny(connection: Connection, name: string): Promise<DatabaseLease> {
		const last = this.#held.get(connection)?.get(name)?.at(-1);
		if (last !== undefined) return this.acquire(connection, name, last.server);
		const { socket, server } = await connectUpstream(connection.upstream, { database: name });
		socket.destroy();
		return this.acquire(connection, name, server);
	}

	/** Connections that are not configured any more, or otherwise. */
	retain(connections: ReadonlySet<Connection>): void {
		for (const [connection, databases] of this.#held) {
			if (connections.has(connection)) continue;
			for (const [name, servers] of databases)
				for (const held of [...servers]) this.#retire(connection, name, held);
		}
	}

	async close(): Promise<void> {
		for (const databases of this.#held.values())
			for (const servers of databases.values()) for (const held of servers) held.keeper.close();
		this.#held.clear();
		for (const grammar of this.#grammars.values())
			await grammar.then((loaded) => loaded.close()).catch(() => {});
		this.#grammars.clear();
	}

	#find(connection: Connection, name: string, server: PostgresServer): Held {
		const databases = this.#held.get(connection) ?? new Map<string, Held[]>();
		this.#held.set(connection, databases);
		const servers = databases.get(name) ?? [];
		const key = serverKey(server);
		const last = servers.at(-1);
		if (last !== undefined && serverKey(last.server) === key) return last;
		const held =
			servers.find((each) => serverKey(each.server) === key) ?? this.#make(connection, name, server);
		held.retired = false;
		const others = servers.filter((each) => each !== held);
		databases.set(name, [...others, held]);
		for (const other of others) this.#retire(connection, name, other);
		return held;
	}

	#retire(connection: Connection, name: string, held: Held): void {
		held.retired = true;
		if (held.users === 0) this.#drop(connection, name, held);
	}

	#make(connection: Connection, name: string, server: PostgresServer): Held {
		const { connectTimeoutMs: timeoutMs, pooler } = connection.upstream;
		const pooled = pooler === "transaction";
		const options = {
			database: name,
			applicationName: "sallyport catalog",
			startupParameters: pooled ? {} : CONTROL_SETTINGS,
			timeoutMs,
		};
		const keeper = new CatalogKeeper({
			connect: () =>
				pooled ? ControlConnection.openPooled(server, options) : ControlConnection.open(server, options),
			staleBoundMs: this.#options.staleBoundMs,
			log: this.#options.log,
		});
		const database = this.#open(keeper, connection, name);
		return { database, keeper, server, users: 0, retired: false };
	}

	async #open(keeper: CatalogKeeper, connection: Connection, name: string): Promise<Database> {
		const { serverVersion } = await keeper.current();
		const major = Math.floor(serverVersion / 10_000);
		let grammar = this.#grammars.get(major);
		if (grammar === undefined) {
			grammar = Grammar.load(serverVersion, this.#options.grammar);
			this.#grammars.set(major, grammar);
		}
		const maskKey = this.#options.maskKeys.of(connection.name);
		return {
			name,
			keeper,
			grammar: await grammar,
			analyser: new SqlAnalyser(this.#options.analysisTimeoutMs),
			maskKey,
		};
	}

	#drop(connection: Connection, name: string, held: Held): void {
		held.keeper.close();
		const databases = this.#held.get(connection);
		const servers = databases?.get(name);
		if (databases === undefined || servers === undefined) return;
		const others = servers.filter((each) => each !== held);
		if (others.length > 0) databases.set(name, others);
		else databases.delete(name);
		if (databases.size === 0) this.#held.delete(connection);
	}
}

/** Qualified names only, nothing written, and an answer in time. */
const CONTROL_SETTINGS: Readonly<Record<string, string>> = {
	search_path: "",
	default_transaction_read_only: "on",
	statement_timeout: "10s",
	client_encoding: "UTF8",
	standard_conforming_strings: "on",
};
