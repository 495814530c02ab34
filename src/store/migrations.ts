import type { DatabaseSync } from "node:sqlite";
import { StoreError } from "./errors.ts";

/**
 * The steps from an empty file to the present form; SQLite's `user_version` counts those that were taken. A step
 * that was released is never changed: a later one changes what it made.
 */
const MIGRATIONS = [
	`
	CREATE TABLE api_tokens (
		id TEXT PRIMARY KEY,
		hash BLOB NOT NULL,
		subject TEXT NOT NULL,
		kind TEXT NOT NULL,
		groups TEXT NOT NULL,
		owners TEXT NOT NULL,
		created_at INTEGER NOT NULL,
		expires_at INTEGER NOT NULL,
		revoked_at INTEGER
	) STRICT;
	CREATE TABLE approvals (
		id TEXT PRIMARY KEY,
		version INTEGER NOT NULL,
		state TEXT NOT NULL,
		scope TEXT NOT NULL,
		session TEXT NOT NULL,
		hash TEXT NOT NULL,
		issuer TEXT NOT NULL,
		subject TEXT NOT NULL,
		expires_at INTEGER NOT NULL,
		spent_at INTEGER,
		record TEXT NOT NULL
	) STRICT;
	CREATE INDEX approvals_by_hash ON approvals (hash);
	CREATE INDEX approvals_by_session ON approvals (session);
	CREATE INDEX approvals_by_state ON approvals (state, expires_at);
	`,
	`
	CREATE TABLE locks (
		id TEXT PRIMARY KEY,
		target TEXT NOT NULL,
		message TEXT NOT NULL,
		created_at INTEGER NOT NULL,
		created_by TEXT NOT NULL,
		expires_at INTEGER
	) STRICT;
	`,
];

/**
 * Brings a store up to date, in one transaction that keeps other processes out. Throws `store_too_new`; the
 * transaction then ends with the connection.
 */
export function migrate(database: DatabaseSync): void {
	database.exec("BEGIN IMMEDIATE");
	const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
	if (version > MIGRATIONS.length) throw new StoreError("store_too_new");
	for (const sql of MIGRATIONS.slice(version)) database.exec(sql);
	database.exec(`PRAGMA user_version = ${MIGRATIONS.length}; COMMIT`);
}
