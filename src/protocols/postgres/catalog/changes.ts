/**
 * What has changed in the catalog since it was last looked at. A row's `xmin` is the transaction that wrote it, so a
 * row that is new or another than before has one that wasn't done then; what VACUUM and ANALYZE write they write in
 * place, and it doesn't show. That a row is gone shows in the count. So one statement finds what has to be read again,
 * in a few milliseconds for thousands of objects: age() is the only arithmetic on transaction numbers that needs no
 * text. Rows of before the counter (frozen by an old upgrade) have the largest int4 for an age.
 */
import { CatalogError } from "./errors.ts";
import { OTHERS, SNAPSHOT_TEXT } from "./probe.ts";
import type { CatalogQuery } from "./query.ts";
import { rows } from "./rows.ts";

/** The rows of one table: by key, what they belong to, such as `r16385` (a relation) or `f16390` (a function). */
type Ledger = ReadonlyMap<string, readonly string[]>;

/** What a picture of the catalog was taken of. */
export interface Reading {
	/** `pg_current_snapshot()`: equal as long as no transaction has written anything anywhere. */
	readonly snapshot: string;
	/** Stands for those tables of which any change means that everything is read again. */
	readonly others: string;
	readonly ledgers: ReadonlyMap<string, Ledger>;
	/**
	 * The row versions that have been read, of those that `snapshot` alone doesn't tell: while a transaction runs, all
	 * that was written since it began looks new.
	 */
	readonly recent: ReadonlySet<string>;
}

/** What has to be read again, by OID. */
export interface Changes {
	readonly reading: Reading;
	readonly relations: ReadonlySet<number>;
	readonly functions: ReadonlySet<number>;
	readonly types: ReadonlySet<number>;
}

interface Table {
	readonly name: string;
	/** The object's column, and a second one where several rows share it. */
	readonly key: string;
	readonly subkey?: string;
	/** What a row belongs to, by the letter of its kind. */
	readonly owners: readonly (readonly [kind: "r" | "f" | "t", column: string])[];
	/** Rows of a session's own temporary objects, which nobody else's picture has. */
	readonly own?: string;
}

const ownSchema = (column: string): string =>
	`x.${column} OPERATOR(pg_catalog.=) pg_catalog.pg_my_temp_schema()`;

/** Columns are not counted: none goes without its relation, and one that is dropped is marked so. */
const COLUMNS: Table = {
	...{ name: "pg_attribute", key: "attrelid", subkey: "attnum" },
	owners: [["r", "attrelid"]],
};
const COUNTED: readonly Table[] = [
	{ name: "pg_class", key: "oid", owners: [["r", "oid"]], own: ownSchema("relnamespace") },
	{ name: "pg_index", key: "indexrelid", owners: [["r", "indrelid"]] },
	{ name: "pg_statistic_ext", key: "oid", owners: [["r", "stxrelid"]] },
	{ name: "pg_rewrite", key: "oid", owners: [["r", "ev_class"]] },
	{ name: "pg_trigger", key: "oid", owners: [["r", "tgrelid"]] },
	{ name: "pg_policy", key: "oid", owners: [["r", "polrelid"]] },
	{
		...{ name: "pg_inherits", key: "inhrelid", subkey: "inhparent" },
		owners: [
			["r", "inhrelid"],
			["r", "inhparent"],
		],
		own: `EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid OPERATOR(pg_catalog.=) x.inhrelid
			AND c.relnamespace OPERATOR(pg_catalog.=) pg_catalog.pg_my_temp_schema())`,
	},
	{
		...{ name: "pg_constraint", key: "oid" },
		owners: [
			["r", "conrelid"],
			["r", "confrelid"],
			["t", "contypid"],
		],
	},
	{ name: "pg_proc", key: "oid", owners: [["f", "oid"]], own: ownSchema("pronamespace") },
	{ name: "pg_type", key: "oid", owners: [["t", "oid"]], own: ownSchema("typnamespace") },
];

const OWNER_KINDS = { r: "relations", f: "functions", t: "types" } as const;

/** The state to start from; to be asked for before anything is read. */
export async function readAll(query: CatalogQuery): Promise<Reading> {
	const answer = await ask(query, [
		...COUNTED.map((table) => ({ table, which: "true" })),
		{ table: COLUMNS, which: WRITTEN_BESIDE },
	]);
	const ledgers = new Map(COUNTED.map(({ name }) => [name, ledgerOf(answer.rows(name))]));
	const recent = new Set([...COUNTED, COLUMNS].flatMap(({ name }) => versions(name, answer.rows(name))));
	return { snapshot: answer.snapshot, others: answer.others, ledgers, recent };
}

/**
 * What has changed since `before`; null when everything has to be read again. `session` on a session's own connection:
 * its temporary objects count as changed, since no shared picture has them.
 */
export async function readChanges(
	query: CatalogQuery,
	before: Reading,
	session: boolean,
): Promise<Changes | null> {
	const oldest = oldestRunning(before.snapshot);
	const which = writtenSince(oldest, session);
	const answer = await ask(query, [
		...COUNTED.map((table) => ({ table, which, session })),
		{ table: COLUMNS, which },
	]);
	if (answer.others !== before.others || oldestRunning(answer.snapshot) - oldest > FORGETTING) return null;
	const owners = new Set<string>();
	const ledgers = new Map(before.ledgers);
	const recent = new Set<string>();
	const shrunk: Table[] = [];
	for (const table of [...COUNTED, COLUMNS]) {
		const written = answer.rows(table.name);
		for (const row of written) {
			const version = versionOf(table.name, row);
			recent.add(version);
			if (before.recent.has(version) && !row.own) continue;
			for (const owner of row.owners) owners.add(owner);
		}
		if (table === COLUMNS) continue;
		const known = before.ledgers.get(table.name) ?? new Map();
		const next = written.length === 0 ? known : new Map([...known, ...ledgerOf(written)]);
		ledgers.set(table.name, next);
		if (next.size !== answer.count(table.name)) shrunk.push(table);
	}
	if (shrunk.length > 0) {
		const whole = await ask(
			query,
			shrunk.map((table) => ({ table, which: "true" })),
		);
		for (const { name } of shrunk) {
			const now = ledgerOf(whole.rows(name));
			for (const owner of lost(ledgers.get(name) ?? new Map(), now)) owners.add(owner);
			ledgers.set(name, now);
		}
	}
	const { snapshot, others } = answer;
	return { reading: { snapshot, others, ledgers, recent }, ...byKind(owners) };
}

/** True when there is nothing to be read again. */
export function isNothing({ relations, functions, types }: Changes): boolean {
	return relations.size + functions.size + types.size === 0;
}

/**
 * `age` counts from the session's own transaction, so what came after that is below 0; for others nothing is, but rows
 * frozen so long ago that their numbers have come round again.
 */
function writtenSince(oldest: bigint, session: boolean): string {
	const xid = `'${BigInt.asUintN(32, oldest)}'::pg_catalog.xid`;
	const least = session ? -FORGETTING : 0n;
	return `(pg_catalog.age(x.xmin) OPERATOR(pg_catalog.<=) pg_catalog.age(${xid})
		AND pg_catalog.age(x.xmin) OPERATOR(pg_catalog.>=) '${least}'::pg_catalog.int4)`;
}

/** By a transaction that was running, or has come since: only this moment's own snapshot says which. */
const WRITTEN_BESIDE =
	"pg_catalog.age(x.xmin) OPERATOR(pg_catalog.<=) pg_catalog.age(pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())::pg_catalog.xid)";

/** Transaction numbers are compared within half of their range. */
const FORGETTING = 1_000_000_000n;

/** The oldest transaction that was running, out of `xmin:xmax:running`: all before it are done. */
function oldestRunning(snapshot: string): bigint {
	const digits = /^\d+/.exec(snapshot)?.[0];
	if (digits === undefined)
		throw new CatalogError("catalog_unreadable", undefined, { operator: `a snapshot reads ${snapshot}` });
	return BigInt(digits);
}

/** What the rows belong to that only one of two states has. */
function lost(before: Ledger, after: Ledger): string[] {
	const only = (one: Ledger, other: Ledger) =>
		[...one].filter(([key]) => !other.has(key)).flatMap(([, owners]) => owners);
	return [...only(before, after), ...only(after, before)];
}

function byKind(owners: ReadonlySet<string>): Pick<Changes, "relations" | "functions" | "types"> {
	const changed = { relations: new Set<number>(), functions: new Set<number>(), types: new Set<number>() };
	for (const owner of owners) {
		const oid = Number(owner.slice(1));
		if (oid !== 0) changed[OWNER_KINDS[owner[0] as keyof typeof OWNER_KINDS]].add(oid);
	}
	return changed;
}

interface LedgerRow {
	readonly key: string;
	readonly xmin: string;
	readonly owners: readonly string[];
	/** Of the session's own temporary objects, whoever else may have seen the row. */
	readonly own: boolean;
}

const ledgerOf = (written: readonly LedgerRow[]): Ledger =>
	new Map(written.map(({ key, owners }) => [key, owners]));
const versionOf = (table: string, { key, xmin }: LedgerRow): string => `${table} ${key} ${xmin}`;
const versions = (table: string, written: readonly LedgerRow[]): string[] =>
	written.map((row) => versionOf(table, row));

interface Answer {
	readonly snapshot: string;
	readonly others: string;
	count(table: string): number;
	rows(table: string): readonly LedgerRow[];
}

/** One statement, so that all of it is of one moment. */
async function ask(
	query: CatalogQuery,
	wanted: readonly { readonly table: Table; readonly which: string; readonly session?: boolean }[],
): Promise<Answer> {
	const parts = [
		`SELECT '' AS name, ${SNAPSHOT_TEXT} AS n, ${OTHERS} AS list`,
		...wanted.map(({ table, which, session = false }) => listOf(table, which, session)),
	];
	const found = new Map((await rows(query, parts.join("\nUNION ALL "))).map((row) => [row.text(0), row]));
	const row = (name: string) => {
		const known = found.get(name);
		if (known === undefined)
			throw new CatalogError("catalog_unreadable", undefined, { operator: `no ${name}` });
		return known;
	};
	const lists = new Map(wanted.map(({ table: { name } }) => [name, ledgerRows(row(name).optional(2))]));
	return {
		snapshot: row("").text(1),
		others: row("").text(2),
		count: (name) => row(name).number(1),
		rows: (name) => lists.get(name) ?? [],
	};
}

/** A row's key, its `xmin` and what it belongs to, with commas between; rows with blanks between. */
function listOf({ name, key, subkey, owners, own }: Table, which: string, session: boolean): string {
	const cells = [`x.${key}`, ...(subkey === undefined ? [] : ["'-'", `x.${subkey}`]), "','", "x.xmin"];
	for (const [kind, column] of owners) cells.push(`',${kind}'`, `x.${column}`);
	const marked = session && own !== undefined;
	if (marked) cells.push(`CASE WHEN ${own} THEN ',${OWN}' END`);
	return `SELECT '${name}', pg_catalog.count(*)::pg_catalog.text,
	pg_catalog.string_agg(pg_catalog.concat(${cells.join(", ")}), ' ') FILTER (WHERE ${which}${marked ? ` OR ${own}` : ""})
FROM pg_catalog.${name} x WHERE x.${key} OPERATOR(pg_catalog.>=) '16384'::pg_catalog.oid`;
}

const OWN = "own";

function ledgerRows(list: string | null): readonly LedgerRow[] {
	if (list === null) return [];
	return list.split(" ").map((text) => {
		const [key = "", xmin = "", ...rest] = text.split(",");
		const own = rest.at(-1) === OWN;
		return { key, xmin, owners: own ? rest.slice(0, -1) : rest, own };
	});
}
