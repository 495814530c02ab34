import assert from "node:assert/strict";
import fc from "fast-check";
import type { ColumnMask } from "../../../../../src/masking/index.ts";
import { Backend, Slab } from "../../../../../src/protocols/postgres/codec/index.ts";
import {
	type CopyForm,
	type CopyMasker,
	cellsOf,
	copyMasker,
	RowMasker,
} from "../../../../../src/protocols/postgres/masking/index.ts";
import { columnMask } from "../../../../support/masks.ts";
import {
	aMask,
	aValue,
	binaryRow,
	copyData,
	expected,
	FORMS,
	KEY,
	message,
	type Row,
	written,
} from "./written.ts";

const BINARY_HEADER = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
const BINARY_TRAILER = Buffer.from([0xff, 0xff]);

export const cells = (plan: readonly (ColumnMask | null)[], format = 0) =>
	cellsOf(
		plan.map(() => ({ typeOid: 25, modifier: -1, format })),
		plan,
		KEY,
		null,
	);

/** A plan and rows of as many columns. */
const results = fc.array(aMask, { minLength: 1, maxLength: 4 }).chain((plan) =>
	fc.record({
		plan: fc.constant(plan),
		rows: fc.array(fc.array(aValue, { minLength: plan.length, maxLength: plan.length }), { maxLength: 8 }),
		borders: fc.array(fc.nat(400), { maxLength: 12 }),
	}),
);

/** What the server sends, and what the client is to get: the header, if any, names the columns. */
function sent(form: CopyForm, plan: readonly (ColumnMask | null)[], rows: readonly Row[]) {
	const masked = rows.map((row) => row.map((value, column) => expected(plan[column] ?? null, value)));
	const header = form.header
		? [
				written(
					form,
					plan.map((_, column) => Buffer.from(`c${column}`)),
					[],
				),
			]
		: [];
	const [before, behind] = form.format === "binary" ? [[BINARY_HEADER], [BINARY_TRAILER]] : [header, []];
	return {
		pieces: [...before, ...rows.map((row) => written(form, row, row)), ...behind],
		expected: [...before, ...masked.map((row, index) => written(form, row, rows[index] ?? [])), ...behind],
	};
}

/** The data of CopyData messages that stand one behind the other, apart. */
function dataOf(pieces: readonly Buffer[]): Buffer[] {
	const all = Buffer.concat(pieces);
	const data: Buffer[] = [];
	for (let at = 0; at < all.length; ) {
		const next = at + 1 + all.readInt32BE(at + 1);
		assert.equal(all[at], 0x64);
		data.push(all.subarray(at + 5, next));
		at = next;
	}
	return data;
}

/** The same data with other borders between its messages. */
function resplit(pieces: readonly Buffer[], sizes: readonly number[]): Buffer[] {
	const all = Buffer.concat(pieces);
	const split: Buffer[] = [];
	let at = 0;
	for (const size of sizes) {
		split.push(all.subarray(at, at + size));
		at = Math.min(all.length, at + size);
	}
	return [...split, all.subarray(at)];
}

/** What becomes of CopyData messages with this data. */
export function masksOf(masker: CopyMasker, messages: readonly Buffer[]): Buffer[] {
	const stream = Buffer.concat(messages.map(copyData));
	return masker.messages(stream, 0, stream.length, new Slab()).map((piece) => Buffer.from(piece));
}

/** A COPY is masked to what the server would have written of masked values, whatever messages it comes in. */
function copyProperties(form: CopyForm) {
	const format = form.format === "binary" ? 1 : 0;
	const maskerOf = (plan: readonly (ColumnMask | null)[], given: Partial<CopyForm> = {}) =>
		copyMasker({ ...form, ...given }, cells(plan, format), KEY);
	return {
		"a row a message": fc.property(results, ({ plan, rows }) => {
			const { pieces, expected } = sent(form, plan, rows);
			const masker = maskerOf(plan);
			assert.deepEqual(dataOf(masksOf(masker, pieces)), expected);
			masker.finish();
			assert.equal(masker.rows, rows.length);
		}),
		"with any borders, in messages and in parts of one": fc.property(results, ({ plan, rows, borders }) => {
			const { pieces, expected } = sent(form, plan, rows);
			const split = resplit(pieces, borders);
			const masker = maskerOf(plan);
			assert.deepEqual(Buffer.concat(dataOf(masksOf(masker, split))), Buffer.concat(expected));
			const byParts = maskerOf(plan);
			const parts = split.map((part) => Buffer.from(byParts.part(part, 0, part.length, new Slab())));
			assert.deepEqual(Buffer.concat(dataOf(parts)), Buffer.concat(expected));
			for (const each of [masker, byParts]) {
				each.finish();
				assert.equal(each.rows, rows.length);
			}
		}),
		"what is damaged lets nothing through": fc.property(
			fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 3 }),
			(changes) => {
				const plan = [columnMask("redact"), columnMask("partial"), columnMask("hash")];
				const row = plan.map(() => Buffer.from("SECRETSECRET"));
				const data = Buffer.concat(sent({ ...form, header: false }, plan, [row, row]).pieces);
				for (const [at, byte] of changes) data[at % data.length] = byte;
				for (const messages of [[data], resplit([data], [19, 60])]) {
					const shown = orRefused(() => masksOf(maskerOf(plan, { header: false }), messages));
					assert.ok(!Buffer.concat(shown).includes("SECRET"));
				}
			},
		),
	};
}

function orRefused(masks: () => Buffer[]): Buffer[] {
	try {
		return masks();
	} catch (error) {
		assert.equal((error as { code?: string }).code, "row_shape_unexpected");
		return [];
	}
}

/** The same for rows, whichever come together, in memory that is used again. */
function rowProperty() {
	const slab = new Slab();
	return fc.property(results, fc.boolean(), ({ plan, rows, borders }, release) => {
		const masker = new RowMasker(cells(plan));
		const rowsOf = (each: readonly Row[]) =>
			Buffer.concat(each.map((row) => message(Backend.DataRow, binaryRow(row))));
		const pieces: Buffer[] = [];
		for (let at = 0; at < rows.length; ) {
			const count = 1 + ((borders[at] ?? 0) % 4);
			const together = rowsOf(rows.slice(at, at + count));
			pieces.push(Buffer.from(masker.mask(together, 0, together.length, slab)));
			if (release) slab.release();
			at += count;
		}
		const masked = rows.map((row) => row.map((value, column) => expected(plan[column] ?? null, value)));
		assert.deepEqual(Buffer.concat(pieces), rowsOf(masked));
	});
}

/** What holds of every result that is masked; from kept seeds in the tests, from any others in the fuzzer. */
export const REWRITING: Readonly<Record<string, fc.IRawProperty<unknown>>> = Object.fromEntries([
	["rows", rowProperty()],
	...Object.entries(FORMS).flatMap(([name, form]) =>
		Object.entries(copyProperties(form)).map(([what, property]) => [`COPY, ${name}: ${what}`, property]),
	),
]);
