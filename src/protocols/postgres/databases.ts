import { randomBytes } from "node:crypto";
import type { Connection } from "../../connections/index.ts";
import type { Log } from "../../lib/index.ts";
import { SqlAnalyser } from "./analyse.ts";
import { CatalogKeeper } from "./catalog/index.ts";
import { Grammar, type GrammarLimits } from "./grammar/index.ts";
import type { Database } from "./session/parts.ts";
import { ControlConnection } from "./upstream/index.ts";

export interface DatabasesOptions {
	readonly grammar: GrammarLimits;
	/** Milliseconds within which DDL that did not come through the gateway is noticed. */
	readonly staleBoundMs: number;
	readonly log: Log;
}

interface Held {
	readonly database: Promise<Database>;
	readonly keeper: CatalogKeeper;
	users: number;
	/** The connection is no longer configured like this: close when the last session has gone. */
	retired: boolean;
}

/** What sessions on one database share, made when the first of them needs it. */
export class Databases {
	readonly #options: DatabasesOptions;
	readonly #grammars = new Map<number, Promise<Grammar>>();
	readonly #held = new Map<Connection, Map<string, Held>>();

	constructor(options: DatabasesOptions) {
		this.#options = options;
	}

	/** Rejects with CatalogError or GrammarError (an unsupported server). Give it back with `release`. */
	async acquire(connection: Connection, name: string): Promise<Database> {
		const held = this.#find(connection, name);
		held.users += 1;
		try {
			return await held.database;
		} catch (thrown) {
			this.release(connection, name);
			this.#drop(connection, name, held);
			throw thrown;
		}
	}

	release(connection: Connection, name: string): void {
		const held = this.#held.get(connection)?.get(name);
		if (held === undefined) return;
		held.users -= 1;
		if (held.users === 0 && held.retired) this.#drop(connection, name, held);
	}

	/** Connections that are not configured any more, or otherwise. */
	retain(connections: ReadonlySet<Connection>): void {
		for (const [connection, databases] of this.#held) {
			if (connections.has(connection)) continue;
			for (const [name, held] of databases) {
				held.retired = true;
				if (held.users === 0) this.#drop(connection, name, held);
			}
		}
	}

	async close(): Promise<void> {
		for (const databases of this.#held.values()) for (const held of databases.values()) held.keeper.close();
		this.#held.clear();
		for (const grammar of this.#grammars.values())
			await grammar.then((loaded) => loaded.close()).catch(() => {});
		this.#grammars.clear();
	}

	#find(connection: Connection, name: string): Held {
		let databases = this.#held.get(connection);
		if (databases === undefined) {
			databases = new Map();
			this.#held.set(connection, databases);
		}
		let held = databases.get(name);
		if (held === undefined) {
			held = this.#make(connection, name);
			databases.set(name, held);
		}
		return held;
	}

	#make(connection: Connection, name: string): Held {
		const keeper = new CatalogKeeper({
			connect: () =>
				ControlConnection.open(connection.upstream, {
					database: name,
					applicationName: "sallyport catalog",
					startupParameters: CONTROL_SETTINGS,
				}),
			staleBoundMs: this.#options.staleBoundMs,
			log: this.#options.log,
		});
		const database = this.#open(keeper, name);
		return { database, keeper, users: 0, retired: false };
	}

	async #open(keeper: CatalogKeeper, name: string): Promise<Database> {
		const { serverVersion } = await keeper.current();
		const major = Math.floor(serverVersion / 10_000);
		let grammar = this.#grammars.get(major);
		if (grammar === undefined) {
			grammar = Grammar.load(serverVersion, this.#options.grammar);
			this.#grammars.set(major, grammar);
		}
		return { name, keeper, grammar: await grammar, analyser: new SqlAnalyser(), maskKey: randomBytes(32) };
	}

	#drop(connection: Connection, name: string, held: Held): void {
		held.keeper.close();
		const databases = this.#held.get(connection);
		if (databases?.get(name) === held) databases.delete(name);
		if (databases?.size === 0) this.#held.delete(connection);
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
