import { CatalogError } from "./errors.ts";
import type { CatalogQuery } from "./query.ts";

/** One row of a catalog statement, read by place; a value that isn't what it should be is a CatalogError. */
export class Row {
	readonly #cells: readonly (string | null)[];

	constructor(cells: readonly (string | null)[]) {
		this.#cells = cells;
	}

	text(index: number): string {
		const cell = this.#cells[index];
		if (cell === undefined || cell === null) {
			throw new CatalogError("catalog_unreadable", undefined, { operator: `no value in place ${index}` });
		}
		return cell;
	}

	optional(index: number): string | null {
		const cell = this.#cells[index];
		if (cell === undefined) this.text(index);
		return cell ?? null;
	}

	number(index: number): number {
		const value = Number(this.text(index));
		if (!Number.isSafeInteger(value)) this.#unknown(index);
		return value;
	}

	/** An OID, 0 for null. */
	oid(index: number): number {
		return this.optional(index) === null ? 0 : this.number(index);
	}

	boolean(index: number): boolean {
		const cell = this.text(index);
		if (cell !== "t" && cell !== "f") this.#unknown(index);
		return cell === "t";
	}

	/** A JSON array of strings; empty for null. */
	strings(index: number): readonly string[] {
		const cell = this.optional(index);
		return cell === null ? [] : (JSON.parse(cell) as string[]);
	}

	/** What `table` says of a one-letter code. */
	code<T>(index: number, table: Readonly<Record<string, T>>): T {
		const value = table[this.text(index)];
		return value === undefined ? this.#unknown(index) : value;
	}

	#unknown(index: number): never {
		throw new CatalogError("catalog_unreadable", undefined, {
			operator: `${JSON.stringify(this.#cells[index])} in place ${index}`,
		});
	}
}

export async function rows(query: CatalogQuery, sql: string): Promise<Row[]> {
	return (await query(sql)).map((cells) => new Row(cells));
}

/** Rows by the OID in their first place. */
export async function rowsByOid(query: CatalogQuery, sql: string): Promise<Map<number, Row[]>> {
	const grouped = new Map<number, Row[]>();
	for (const row of await rows(query, sql)) {
		const oid = row.number(0);
		const group = grouped.get(oid);
		if (group === undefined) grouped.set(oid, [row]);
		else group.push(row);
	}
	return grouped;
}
