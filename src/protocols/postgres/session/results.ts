import type { CommandFlow, RowSink } from "../../../gate/index.ts";
import type { AnalysedStatement } from "../analysis/index.ts";
import {
	BINARY_FORMAT,
	type CopyResponse,
	decodeCommandComplete,
	decodeDataRow,
	decodeFunctionCallResponse,
	type ErrorFields,
	formatAt,
	type OutputBatch,
	type Part,
	ProtocolError,
	type RowField,
	TEXT_FORMAT,
} from "../codec/index.ts";
import type { CopyMasker } from "../masking/index.ts";
import { copyRewriting, type MaskingMeans, RowRewriting } from "./rewriting.ts";

const HEADER = 5;

/** Why the rest of a result is held back: the error that the client gets in place of it. */
export interface LimitReached {
	readonly sqlstate: "54000";
	readonly message: string;
}

/** The statements of a command whose results come on one stream, and how far it may go. */
export interface ResultPlan extends MaskingMeans {
	readonly flow: CommandFlow;
	/** In the order in which their results come; for a portal the one statement. */
	readonly statements: readonly AnalysedStatement[];
	/** Bind's result formats; none in a simple query, where the description of the rows has them. */
	readonly resultFormats: readonly number[];
}

/**
 * Carries the rows of a command to the client: checks that the result is the one that was analysed, masks, counts,
 * keeps what the record wants. Rows go on only through here, and it is made from a flow, so that no row is released
 * without the mask plan that came with the permit.
 */
export class ResultStream {
	readonly flow: CommandFlow;
	readonly #plan: ResultPlan;
	#statement = 0;
	#fields: readonly RowField[] | null = null;
	#rewriting: RowRewriting | null = null;
	#copying: CopyMasker | null = null;
	#rows = 0;
	#bytes = 0;
	/** Over all executions of a portal. */
	#rowsInAll = 0;
	#sink: RowSink | null = null;
	#limit: LimitReached | null = null;
	#tag: string | null = null;

	constructor(plan: ResultPlan) {
		this.#plan = plan;
		this.flow = plan.flow;
	}

	get limitReached(): LimitReached | null {
		return this.#limit;
	}

	get statement(): AnalysedStatement | undefined {
		return this.#plan.statements[this.#statement];
	}

	/** What the server said at the end of the last statement; null while none has come to its end. */
	get tag(): string | null {
		return this.#tag;
	}

	/** How many rows may still come before `max_rows` is exceeded; null without a limit. */
	get rowsLeft(): number | null {
		const { maxRows } = this.flow.obligations;
		return maxRows === null ? null : maxRows - this.#rowsInAll;
	}

	/**
	 * The columns of the rows to come. Throws when they are not those that were analysed: then the names meant
	 * something else to the server than to us, and nothing of it is released.
	 */
	describe(fields: readonly RowField[]): void {
		this.#fields = fields;
		const statement = this.statement;
		const { texts } = this.flow.obligations;
		const known = this.flow.obligations.masks[this.#statement] ?? null;
		const output = statement?.output ?? null;
		const masks = known ?? (texts === null || output !== null ? null : fields.map(() => texts));
		if (output !== null) assertSameColumns(fields, output.length, (index) => output[index]?.origin ?? null);
		else if (known !== null || this.flow.obligations.rowsMustBeKnown)
			throw new ProtocolError("row_shape_unexpected", "columns came that were not analysed");
		this.#rewriting =
			masks === null
				? null
				: new RowRewriting(
						fields.map((field, column) => ({ ...field, format: this.#formatOf(column) })),
						masks,
						this.#plan,
					);
		if (this.flow.obligations.record === "full")
			this.#sink = this.flow.recordRows(fields.map((field) => field.name));
	}

	/** DataRows that fill `buffer[start, end)`, `count` of them. */
	rows(buffer: Buffer, start: number, end: number, count: number, out: OutputBatch): void {
		if (this.#limit !== null) return;
		const { masks, texts } = this.flow.obligations;
		if (this.#fields === null && (masks[this.#statement] != null || texts !== null))
			throw new ProtocolError("row_shape_unexpected", "rows came before their description");
		if (!this.#counts(end - start, count)) return;
		const rewriting = this.#rewriting;
		if (rewriting === null) return this.#release(buffer, start, end, out);
		const masked = rewriting.rows(buffer, start, end, out.slab);
		this.#release(masked, 0, masked.length, out);
	}

	/** Counts rows; false when a limit is passed with them. */
	#counts(bytes: number, count: number): boolean {
		const { maxRows, maxBytes } = this.flow.obligations;
		if (maxRows !== null && this.#rowsInAll + count > maxRows) {
			this.#exceed(`the result has more than the ${maxRows} rows that policy lets out`);
			return false;
		}
		if (maxBytes !== null && this.#bytes + bytes > maxBytes) {
			this.#exceed(`the result has more than the ${maxBytes} bytes that policy lets out`);
			return false;
		}
		this.#rows += count;
		this.#rowsInAll += count;
		this.#bytes += bytes;
		return true;
	}

	#release(buffer: Buffer, start: number, end: number, out: OutputBatch): void {
		if (this.#sink !== null) this.#keep(buffer, start, end);
		out.add(buffer, start, end);
	}

	/** True when large rows may come in parts: they are masked as they come, or go on byte for byte. */
	get takesParts(): boolean {
		const { maxRows, maxBytes } = this.flow.obligations;
		if (this.#rewriting !== null || this.#copying !== null) return true;
		return this.#sink === null && maxRows === null && maxBytes === null;
	}

	/**
	 * A part of a row too large to be held as it is.
	 * @param limit bytes of the row that may be held where it is masked
	 */
	part(buffer: Buffer, start: number, end: number, part: Part, limit: number, out: OutputBatch): void {
		if (this.#rewriting === null) return this.#pass(buffer, start, end, part, out);
		const row = this.#rewriting.part(buffer, start, end, part, limit);
		if (row === null || this.#limit !== null || !this.#counts(row.length, 1)) return;
		this.#release(row, 0, row.length, out);
	}

	#pass(buffer: Buffer, start: number, end: number, part: Part, out: OutputBatch): void {
		if (part === "first") {
			this.#rows += 1;
			this.#rowsInAll += 1;
		}
		this.#bytes += end - start;
		out.add(buffer, start, end);
	}

	/**
	 * The one value that a FunctionCall gives. No mask reaches it, or the call would not have gone up.
	 * @param buffer FunctionCallResponse in `buffer[start, end)`
	 */
	value(
		buffer: Buffer,
		start: number,
		end: number,
		out: OutputBatch,
	): { statement: AnalysedStatement | undefined } {
		const value = decodeFunctionCallResponse(buffer, start, end);
		const { maxRows, maxBytes, record } = this.flow.obligations;
		this.#rows = this.#rowsInAll = 1;
		this.#bytes = end - start;
		if (maxRows === 0) this.#exceed("policy lets no result out");
		else if (maxBytes !== null && this.#bytes > maxBytes)
			this.#exceed(`the result has more than the ${maxBytes} bytes that policy lets out`);
		else {
			if (record === "full") {
				this.#sink = this.flow.recordRows([this.statement?.output?.[0]?.name ?? "?column?"]);
				this.#sink.add([this.#text(value, 0)]);
			}
			out.add(buffer, start, end);
		}
		const { statement } = this;
		this.#report("completed", null, null);
		this.#next();
		return { statement };
	}

	/** The server announces a COPY: that of a statement which was not known to be one must not pass where there are masks. */
	beginCopy(response: CopyResponse): void {
		const { statement } = this;
		const output = statement?.output ?? null;
		const masks = this.flow.obligations.masks[this.#statement] ?? null;
		const { rowsMustBeKnown, texts } = this.flow.obligations;
		const mustBeKnown = rowsMustBeKnown || (texts !== null && output === null);
		if (masks === null && (!mustBeKnown || (output !== null && statement?.returns === "copy_out"))) return;
		if (statement === undefined || masks === null || output?.length !== response.columnFormats.length)
			throw new ProtocolError("row_shape_unexpected", "a COPY came that was not analysed");
		this.#copying = copyRewriting(statement, output, response, masks, this.#plan);
	}

	/** COPY's data counts as bytes, its messages as rows: `count` of them fill `buffer[start, end)`. */
	copyData(buffer: Buffer, start: number, end: number, count: number, out: OutputBatch): void {
		if (this.#limit !== null) return;
		if (this.#copying === null) {
			if (this.#countsCopy(end - start, count)) out.add(buffer, start, end);
			return;
		}
		const before = this.#copying.rows;
		const pieces = this.#copying.messages(buffer, start, end, out.slab);
		const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
		if (this.#countsCopy(bytes, this.#copying.rows - before)) for (const piece of pieces) out.add(piece);
	}

	/** A part of a COPY's message too large to be held. */
	copyPart(buffer: Buffer, start: number, end: number, part: Part, out: OutputBatch): void {
		if (this.#copying === null) return this.#pass(buffer, start, end, part, out);
		if (this.#limit !== null) return;
		const before = this.#copying.rows;
		const masked = this.#copying.part(buffer, part === "first" ? start + HEADER : start, end, out.slab);
		if (this.#countsCopy(masked.length, this.#copying.rows - before)) out.add(masked);
	}

	copyDone(): void {
		if (this.#limit === null) this.#copying?.finish();
	}

	#countsCopy(bytes: number, count: number): boolean {
		const { maxRows, maxBytes } = this.flow.obligations;
		this.#rows += count;
		this.#rowsInAll += count;
		this.#bytes += bytes;
		if (maxRows !== null && this.#rowsInAll > maxRows)
			this.#exceed(`the copy has more than the ${maxRows} rows that policy lets out`);
		else if (maxBytes !== null && this.#bytes > maxBytes)
			this.#exceed(`the copy has more than the ${maxBytes} bytes that policy lets out`);
		return this.#limit === null;
	}

	/** One statement is done; the next one's rows may follow. */
	complete(
		buffer: Buffer,
		start: number,
		end: number,
	): { statement: AnalysedStatement | undefined; tag: string } {
		const statement = this.statement;
		const { tag } = decodeCommandComplete(buffer, start, end);
		this.#tag = tag;
		this.#report("completed", tag, null);
		this.#next();
		return { statement, tag };
	}

	empty(): void {
		this.#report("completed", null, null);
		this.#next();
	}

	/** The portal gave as many rows as Execute asked for. */
	suspend(): void {
		this.#report("suspended", null, null);
		this.#rows = 0;
		this.#bytes = 0;
	}

	fail(error: ErrorFields): void {
		const sqlstate = error.get("C") ?? "XX000";
		this.#report(sqlstate === "57014" ? "cancelled" : "failed", null, sqlstate);
	}

	/** The upstream is gone before it answered: nobody knows whether it was done. */
	lose(): void {
		this.#report("unknown", null, null);
		this.flow.close();
	}

	#exceed(message: string): void {
		this.#limit = { sqlstate: "54000", message };
	}

	#next(): void {
		this.#statement += 1;
		this.#fields = null;
		this.#rewriting = null;
		this.#copying = null;
		this.#rows = 0;
		this.#bytes = 0;
	}

	#report(
		status: "completed" | "suspended" | "failed" | "cancelled" | "unknown",
		tag: string | null,
		sqlstate: string | null,
	): void {
		this.#sink?.finish();
		if (status !== "suspended") this.#sink = null;
		this.flow.report({
			statement: this.#statement,
			status,
			tag,
			rows: this.#rows,
			bytes: this.#bytes,
			sqlstate,
		});
	}

	#keep(buffer: Buffer, start: number, end: number): void {
		for (let at = start; at < end && this.#sink !== null; ) {
			const next = at + 1 + buffer.readInt32BE(at + 1);
			const values = decodeDataRow(buffer, at, next).map((value, column) => this.#text(value, column));
			if (!this.#sink.add(values)) this.#stopKeeping();
			at = next;
		}
	}

	#formatOf(column: number): number {
		const { resultFormats } = this.#plan;
		if (resultFormats.length > 0) return formatAt(resultFormats, column);
		return this.#fields?.[column]?.format ?? TEXT_FORMAT;
	}

	/** `finish` still has to say that rows are missing. */
	#stopKeeping(): void {
		const sink = this.#sink;
		this.#sink = null;
		sink?.finish();
	}

	#text(value: Buffer | null, column: number): string | null {
		if (value === null) return null;
		const binary = this.#formatOf(column) === BINARY_FORMAT;
		return binary ? `\\x${value.toString("hex")}` : value.toString("utf8");
	}
}

type Origin = { readonly tableOid: number; readonly column: number } | null;

function assertSameColumns(
	fields: readonly RowField[],
	count: number,
	origin: (index: number) => Origin,
): void {
	if (fields.length !== count)
		throw new ProtocolError(
			"row_shape_unexpected",
			"the result does not have the columns that were analysed",
		);
	for (const [index, field] of fields.entries()) {
		const expected = origin(index);
		if (expected === null) continue;
		if (field.tableOid !== expected.tableOid || field.column !== expected.column)
			throw new ProtocolError(
				"row_shape_unexpected",
				`column ${index + 1} (${field.name}) of the result is not the one that was analysed`,
			);
	}
}
