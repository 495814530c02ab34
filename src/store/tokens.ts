import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import type { ApiToken, Person, TokenStore } from "../identity/index.ts";
import { change } from "./change.ts";

type Row = Record<string, SQLOutputValue>;

/** API tokens in SQLite: their hashes, never the tokens. */
export class SqliteTokenStore implements TokenStore {
	readonly #insert: StatementSync;
	readonly #get: StatementSync;
	readonly #list: StatementSync;
	readonly #revoke: StatementSync;

	constructor(database: DatabaseSync) {
		this.#insert = database.prepare(
			`INSERT INTO api_tokens (id, hash, subject, kind, groups, owners, created_at, expires_at, revoked_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		);
		this.#get = database.prepare("SELECT * FROM api_tokens WHERE id = ?");
		this.#list = database.prepare("SELECT * FROM api_tokens ORDER BY id DESC");
		this.#revoke = database.prepare(
			"UPDATE api_tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
		);
	}

	insert(token: ApiToken): void {
		const { id, hash, subject, kind, groups, owners, createdAt, expiresAt, revokedAt } = token;
		const lists = [JSON.stringify(groups), JSON.stringify(owners)] as const;
		change(() => this.#insert.run(id, hash, subject, kind, ...lists, createdAt, expiresAt, revokedAt));
	}

	get(id: string): ApiToken | undefined {
		const row = this.#get.get(id);
		return row === undefined ? undefined : toToken(row);
	}

	list(): ApiToken[] {
		return this.#list.all().map(toToken);
	}

	revoke(id: string, at: number): boolean {
		return change(() => this.#revoke.run(at, id)).changes === 1;
	}
}

function toToken(row: Row): ApiToken {
	return {
		id: String(row["id"]),
		hash: row["hash"] as Uint8Array,
		subject: String(row["subject"]),
		kind: row["kind"] as ApiToken["kind"],
		groups: JSON.parse(String(row["groups"])) as string[],
		owners: JSON.parse(String(row["owners"])) as Person[],
		createdAt: Number(row["created_at"]),
		expiresAt: Number(row["expires_at"]),
		revokedAt: row["revoked_at"] === null ? null : Number(row["revoked_at"]),
	};
}
