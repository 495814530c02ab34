import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import type { ApprovalRecord, ApprovalState, ApprovalStore, PendingCounts } from "../approvals/index.ts";
import { change } from "./change.ts";

type Row = Record<string, SQLOutputValue>;

const OPEN = "(state = 'pending' OR (state = 'granted' AND spent_at IS NULL))";

/** Approvals in SQLite: the record as JSON, beside it the columns that are searched by. */
export class SqliteApprovalStore implements ApprovalStore {
	readonly #database: DatabaseSync;
	readonly #insert: StatementSync;
	readonly #replace: StatementSync;
	readonly #get: StatementSync;
	readonly #list: StatementSync;
	readonly #listState: StatementSync;
	readonly #open: StatementSync;
	readonly #openOfSession: StatementSync;
	readonly #count: StatementSync;
	readonly #overdue: StatementSync;
	readonly #nextExpiry: StatementSync;
	readonly #prune: StatementSync;

	constructor(database: DatabaseSync) {
		this.#database = database;
		this.#insert = database.prepare(
			`INSERT INTO approvals (version, state, spent_at, record, id, scope, session, hash, issuer, subject, expires_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		);
		this.#replace = database.prepare(
			"UPDATE approvals SET version = ?, state = ?, spent_at = ?, record = ? WHERE id = ? AND version = ?",
		);
		this.#get = database.prepare("SELECT record FROM approvals WHERE id = ?");
		this.#list = database.prepare("SELECT record FROM approvals ORDER BY id DESC LIMIT ?");
		this.#listState = database.prepare(
			"SELECT record FROM approvals WHERE state = ? ORDER BY id DESC LIMIT ?",
		);
		this.#open = database.prepare(
			`SELECT record FROM approvals WHERE ${OPEN} AND (hash = ? OR (session = ? AND scope = 'session')) ORDER BY id`,
		);
		this.#openOfSession = database.prepare(
			`SELECT record FROM approvals WHERE ${OPEN} AND scope = 'session' AND session = coalesce(?, session)`,
		);
		this.#count = database.prepare(
			`SELECT count(*) AS overall, count(*) FILTER (WHERE session = ?) AS session,
				count(*) FILTER (WHERE issuer = ? AND subject = ?) AS principal
			FROM approvals WHERE state = 'pending'`,
		);
		this.#overdue = database.prepare(
			"SELECT record FROM approvals WHERE state = 'pending' AND expires_at <= ? ORDER BY expires_at",
		);
		this.#nextExpiry = database.prepare(
			"SELECT min(expires_at) AS at FROM approvals WHERE state = 'pending'",
		);
		this.#prune = database.prepare("DELETE FROM approvals WHERE state <> 'pending' AND expires_at < ?");
	}

	insert(record: ApprovalRecord): void {
		const { id, version, state, spentAt, requirement, session, hash, principal, expiresAt } = record;
		const { issuer, subject } = principal;
		const changing = [version, state, spentAt, JSON.stringify(record)] as const;
		change(() =>
			this.#insert.run(...changing, id, requirement.scope, session, hash, issuer, subject, expiresAt),
		);
	}

	replace(record: ApprovalRecord): boolean {
		const { id, version, state, spentAt } = record;
		const { changes } = change(() =>
			this.#replace.run(version, state, spentAt, JSON.stringify(record), id, version - 1),
		);
		return changes === 1;
	}

	get(id: string): ApprovalRecord | undefined {
		const row = this.#get.get(id);
		return row === undefined ? undefined : toRecord(row);
	}

	list({ state, limit }: { state?: ApprovalState; limit: number }): ApprovalRecord[] {
		return (state === undefined ? this.#list.all(limit) : this.#listState.all(state, limit)).map(toRecord);
	}

	open(hash: string, session: string): ApprovalRecord[] {
		return this.#open.all(hash, session).map(toRecord);
	}

	openOfSession(session: string | null): ApprovalRecord[] {
		return this.#openOfSession.all(session).map(toRecord);
	}

	countPending(session: string, issuer: string, subject: string): PendingCounts {
		const row = this.#count.get(session, issuer, subject);
		return {
			overall: Number(row?.["overall"]),
			session: Number(row?.["session"]),
			principal: Number(row?.["principal"]),
		};
	}

	overdue(now: number): ApprovalRecord[] {
		return this.#overdue.all(now).map(toRecord);
	}

	nextExpiry(): number | null {
		const at = this.#nextExpiry.get()?.["at"];
		return typeof at === "number" ? at : null;
	}

	prune(before: number): void {
		change(() => this.#prune.run(before));
	}

	transaction<T>(work: () => T): T {
		change(() => this.#database.exec("BEGIN IMMEDIATE"));
		try {
			const result = work();
			change(() => this.#database.exec("COMMIT"));
			return result;
		} catch (error) {
			this.#rollBack();
			throw error;
		}
	}

	#rollBack(): void {
		try {
			this.#database.exec("ROLLBACK");
		} catch {
			// SQLite has ended the transaction itself, as it does when the disk is full.
		}
	}
}

function toRecord(row: Row): ApprovalRecord {
	return JSON.parse(String(row["record"])) as ApprovalRecord;
}
