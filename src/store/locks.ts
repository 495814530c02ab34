import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import type { Lock, LockStore } from "../identity/index.ts";
import { change } from "./change.ts";

/** Locks in SQLite. */
export class SqliteLockStore implements LockStore {
	readonly #insert: StatementSync;
	readonly #list: StatementSync;
	readonly #remove: StatementSync;

	constructor(database: DatabaseSync) {
		this.#insert = database.prepare(
			"INSERT INTO locks (id, target, message, created_at, created_by, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
		);
		this.#list = database.prepare("SELECT * FROM locks ORDER BY id DESC");
		this.#remove = database.prepare("DELETE FROM locks WHERE id = ?");
	}

	insert({ id, target, message, createdAt, createdBy, expiresAt }: Lock): void {
		change(() => this.#insert.run(id, target, message, createdAt, createdBy, expiresAt));
	}

	list(): Lock[] {
		return this.#list.all().map(toLock);
	}

	remove(id: string): boolean {
		return change(() => this.#remove.run(id)).changes === 1;
	}
}

function toLock(row: Record<string, SQLOutputValue>): Lock {
	return {
		id: String(row["id"]),
		target: String(row["target"]),
		message: String(row["message"]),
		createdAt: Number(row["created_at"]),
		createdBy: String(row["created_by"]),
		expiresAt: row["expires_at"] === null ? null : Number(row["expires_at"]),
	};
}
