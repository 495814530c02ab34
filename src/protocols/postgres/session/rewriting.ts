import type { OutputColumn } from "../../../commands/index.ts";
import type { ColumnMask } from "../../../masking/index.ts";
import type { AnalysedStatement } from "../analysis/index.ts";
import type { Catalog } from "../catalog/index.ts";
import { type CopyResponse, type Part, ProtocolError, type Slab } from "../codec/index.ts";
import {
	type Cell,
	type CopyMasker,
	cellsOf,
	copyForm,
	copyMasker,
	type MaskedField,
	RowCondenser,
	RowMasker,
} from "../masking/index.ts";

/** What masks are worked out with: the connection's key, and the types of the session's database. */
export interface MaskingMeans {
	readonly maskKey: Buffer;
	readonly catalog: Catalog;
}

/** How the rows of one statement are rewritten on their way. */
export class RowRewriting {
	readonly #cells: readonly (Cell | null)[];
	readonly #key: Buffer;
	readonly #masker: RowMasker;
	#condenser: RowCondenser | null = null;

	constructor(fields: readonly MaskedField[], masks: readonly (ColumnMask | null)[], means: MaskingMeans) {
		this.#cells = cellsOf(fields, masks, means.maskKey, means.catalog);
		this.#key = means.maskKey;
		this.#masker = new RowMasker(this.#cells);
	}

	/** DataRows that fill `buffer[start, end)`, which may be changed. @param out where they are copied if need be */
	rows(buffer: Buffer, start: number, end: number, out: Slab): Buffer {
		return this.#masker.mask(buffer, start, end, out);
	}

	/** A part of a row too large to be held. @returns the row, masked, after its last part */
	part(buffer: Buffer, start: number, end: number, part: Part, limit: number): Buffer | null {
		this.#condenser ??= new RowCondenser(this.#cells, this.#key, limit);
		const row = this.#condenser.part(buffer, start, end, part === "last");
		if (row !== null) this.#condenser = null;
		return row;
	}
}

/**
 * The masker of a COPY whose beginning the server announces. Of a column the type is known where it is a relation's
 * own; every other one's values become NULL.
 */
export function copyRewriting(
	statement: AnalysedStatement,
	output: readonly OutputColumn[],
	response: CopyResponse,
	masks: readonly (ColumnMask | null)[],
	{ maskKey, catalog }: MaskingMeans,
): CopyMasker {
	const form = copyForm(statement.policy);
	if (form === null || (form.format === "binary") !== (response.format === 1))
		throw new ProtocolError("row_shape_unexpected", "COPY answers in another format than was asked for");
	const fields = output.map((column) => ({ ...typeOf(column, catalog), format: response.format }));
	return copyMasker(form, cellsOf(fields, masks, maskKey, catalog), maskKey);
}

const UNKNOWN = { typeOid: 0, modifier: -1 } as const;

function typeOf({ origin }: OutputColumn, catalog: Catalog): Pick<MaskedField, "typeOid" | "modifier"> {
	if (origin === null || origin.tableOid === 0) return UNKNOWN;
	const columns = catalog.relationByOid(origin.tableOid)?.columns ?? [];
	return columns.find(({ number }) => number === origin.column) ?? UNKNOWN;
}
