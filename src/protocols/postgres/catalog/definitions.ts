import { type CatalogQuery, sqlstateOf } from "./query.ts";
import { type Row, rows } from "./rows.ts";

const LOCK_NOT_AVAILABLE = "55P03";
/** `could not open relation with OID`: it was dropped a moment ago, which whoever looks again sees. */
const INTERNAL_ERROR = "XX000";

/** What was read of one object, and the `xmin` of its row, which changes when it is redefined. */
interface Known {
	readonly stamp: string;
	readonly row: Row;
}

export type DefinitionKind =
	| "view"
	| "rule"
	| "policy"
	| "function"
	| "default"
	| "check"
	| "index"
	| "partition"
	| "statistics"
	| "trigger";

/** An object whose definition is wanted. */
export interface Wanted {
	readonly oid: number;
	readonly stamp: string;
}

/**
 * Definitions and expressions that belong to relations. The server takes a lock on every relation that is named in one
 * before it shows it, and so waits for whoever does DDL on one of them.
 */
export class Definitions {
	/** How many couldn't be read: to be tried again as soon as may be. */
	unread = 0;
	readonly #query: CatalogQuery;
	readonly #known: ReadonlyMap<string, Known>;
	readonly #patient: boolean;
	readonly #read: Map<string, Known>;

	/**
	 * `base`: those of an earlier state, of which none can have changed but by being redefined; they are used again.
	 * `patient`: wait, and fail when the wait fails (in a session's own transaction a failure would abort it, but its
	 * own locks don't stand in its way). Otherwise what can't be read within `lock_timeout` is left out.
	 * `partial`: only what has changed will be asked for, so all of `base` is kept for the next state.
	 */
	constructor(query: CatalogQuery, base: Definitions | null, patient: boolean, partial = false) {
		this.#query = query;
		this.#known = base === null ? new Map() : base.#read;
		this.#read = new Map(partial ? this.#known : []);
		this.#patient = patient;
	}

	/** Rows by the OID in their first place, for those that could be read. `sql` asks for all of the OIDs it is given. */
	async read(
		kind: DefinitionKind,
		wanted: readonly Wanted[],
		sql: (oids: readonly number[]) => string,
	): Promise<Map<number, Row>> {
		const found = new Map<number, Row>();
		const missing: number[] = [];
		for (const { oid, stamp } of wanted) {
			const known = this.#known.get(`${kind} ${oid}`);
			if (known?.stamp === stamp) found.set(oid, known.row);
			else missing.push(oid);
		}
		await this.#ask(missing, sql, found);
		for (const { oid, stamp } of wanted) {
			const row = found.get(oid);
			if (row !== undefined) this.#read.set(`${kind} ${oid}`, { stamp, row });
		}
		return found;
	}

	/** One statement for all; when a lock stops it, one for each half, down to the single ones that are locked. */
	async #ask(
		oids: readonly number[],
		sql: (oids: readonly number[]) => string,
		found: Map<number, Row>,
	): Promise<void> {
		if (oids.length === 0) return;
		try {
			for (const row of await rows(this.#query, sql(oids))) found.set(row.number(0), row);
		} catch (error) {
			const sqlstate = sqlstateOf(error);
			const vanished = sqlstate === INTERNAL_ERROR;
			if (this.#patient || !(vanished || sqlstate === LOCK_NOT_AVAILABLE)) throw error;
			if (oids.length === 1) {
				if (!vanished) this.unread++;
				return;
			}
			const half = oids.length >> 1;
			await this.#ask(oids.slice(0, half), sql, found);
			await this.#ask(oids.slice(half), sql, found);
		}
	}
}
