import { chmodSync, closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { ApprovalStore } from "../approvals/index.ts";
import type { LockStore, TokenStore } from "../identity/index.ts";
import { describeThrown } from "../lib/index.ts";
import { SqliteApprovalStore } from "./approvals.ts";
import { StoreError } from "./errors.ts";
import { SqliteLockStore } from "./locks.ts";
import { migrate } from "./migrations.ts";
import { SqliteTokenStore } from "./tokens.ts";

const SCHEME = "sqlite:";
const FILE_NAME = "store.db";

/** What the rooms keep beyond the process's life. */
export interface Store {
	readonly tokens: TokenStore;
	readonly approvals: ApprovalStore;
	readonly locks: LockStore;
	close(): void;
}

/**
 * Opens, and when needed makes or migrates, the store: `sqlite:` is `store.db` in the data directory (which has to
 * be there), `sqlite:PATH` another file, `sqlite::memory:` one that ends with the process. Every change is on disk
 * when its call returns (WAL, synchronous FULL). The file is readable by its owner only. Throws `StoreError`.
 */
export function openStore(url: string, dataDir: string): Store {
	if (!url.startsWith(SCHEME)) {
		throw new StoreError("store_unsupported", `The store ${schemeOf(url)} is not in this release.`);
	}
	const given = url.slice(SCHEME.length);
	const database = openDatabase(given === "" ? join(dataDir, FILE_NAME) : given);
	return {
		tokens: new SqliteTokenStore(database),
		approvals: new SqliteApprovalStore(database),
		locks: new SqliteLockStore(database),
		close: () => database.close(),
	};
}

function openDatabase(path: string): DatabaseSync {
	let database: DatabaseSync | undefined;
	try {
		if (path !== ":memory:") makePrivate(path);
		database = new DatabaseSync(path);
		database.exec(`
			PRAGMA busy_timeout = 1000; -- the process stands still for as long
			PRAGMA journal_mode = WAL;
			PRAGMA synchronous = FULL;
			PRAGMA trusted_schema = OFF`);
		migrate(database);
		return database;
	} catch (error) {
		database?.close();
		if (error instanceof StoreError) throw error;
		throw new StoreError("store_unreadable", `The store ${path} can't be opened: ${describeThrown(error)}`, {
			cause: error,
		});
	}
}

/** Before SQLite opens it: the files that it puts beside it get the same mode. */
function makePrivate(path: string): void {
	closeSync(openSync(path, "a", 0o600));
	chmodSync(path, 0o600);
}

/** The rest of a URL may hold a password. */
function schemeOf(url: string): string {
	const colon = url.indexOf(":");
	return colon === -1 ? "without a scheme" : url.slice(0, colon + 1);
}
