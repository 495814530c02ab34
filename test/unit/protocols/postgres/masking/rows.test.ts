import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { ColumnMask } from "../../../../../src/masking/index.ts";
import type { TransformName } from "../../../../../src/policy/index.ts";
import {
	Backend,
	backendLimits,
	decodeDataRow,
	decodeRowDescription,
	encodeBind,
	encodeDataRow,
	encodeDescribe,
	encodeExecute,
	encodeParse,
	encodeQuery,
	MessageReader,
	type RowField,
	Slab,
	SYNC,
} from "../../../../../src/protocols/postgres/codec/index.ts";
import { cellsOf, RowCondenser, RowMasker } from "../../../../../src/protocols/postgres/masking/index.ts";
import { connectServer, type UpstreamSession } from "../../../../../src/protocols/postgres/upstream/index.ts";
import { columnMask, textRowMasker } from "../../../../support/masks.ts";
import { type RunningPostgres, startPostgres } from "../../../../support/postgres.ts";
import { upstreamOf } from "../upstream/fixtures.ts";

const KEY = Buffer.alloc(32, 7);
const mask = (transform: TransformName, keep = 0): ColumnMask => columnMask(transform, { keep });

/** Runs what was written and masks its rows with the plan; values as texts. */
async function masked(
	session: UpstreamSession,
	messages: Buffer,
	plan: readonly (ColumnMask | null)[],
): Promise<(string | null)[][]> {
	session.socket.write(messages);
	const reader = new MessageReader(backendLimits());
	let masker: RowMasker | undefined;
	const rows: (string | null)[][] = [];
	for await (const chunk of session.socket.iterator({ destroyOnReturn: false })) {
		reader.push(chunk as Buffer);
		while (reader.next()) {
			const { type, buffer, start } = reader;
			if (type === Backend.RowDescription)
				masker = new RowMasker(cellsOf(decodeRowDescription(buffer, start, reader.end), plan, KEY, null));
			if (type === Backend.DataRow) {
				reader.extend();
				assert.ok(masker !== undefined);
				rows.push(...valuesOf(masker.mask(buffer, start, reader.end, new Slab())));
			}
			if (type === Backend.ReadyForQuery) return rows;
		}
	}
	throw new Error("the connection ended");
}

function valuesOf(rows: Buffer): (string | null)[][] {
	const reader = new MessageReader(backendLimits());
	reader.push(rows);
	const values: (string | null)[][] = [];
	while (reader.next()) {
		values.push(
			decodeDataRow(reader.buffer, reader.start, reader.end).map((value) => value?.toString("utf8") ?? null),
		);
	}
	assert.equal(reader.midMessage, false);
	return values;
}

function extended(sql: string, formats: readonly number[]): Buffer {
	const bind = encodeBind({ portal: "", statement: "", resultFormats: formats });
	return Buffer.concat([encodeParse("", sql), bind, encodeDescribe("portal", ""), encodeExecute(""), SYNC]);
}

describe("rows of a real server, masked", () => {
	let server: RunningPostgres;
	let session: UpstreamSession;
	before(async () => {
		server = await startPostgres();
		await server.query(`CREATE DOMAIN email AS varchar CHECK (value LIKE '%@%');
			CREATE TYPE mood AS ENUM ('sad', 'happy')`);
		session = await connectServer(upstreamOf(server));
	});
	after(async () => {
		session.socket.destroy();
		await server.stop();
	});

	const TEXTS =
		"SELECT 1 AS id, 'ada@example.com'::text, 'x'::varchar, 'y'::char(3), 'z'::name, 'a@b.io'::email, NULL::text";
	for (const [name, messages] of [
		["simple query", encodeQuery(TEXTS)],
		["text format", extended(TEXTS, [])],
		["binary format", extended(TEXTS, [1])],
	] as const) {
		it(`text types get the masked text, NULL stays NULL: ${name}`, async () => {
			const plan = [
				null,
				mask("partial"),
				mask("redact"),
				mask("hash"),
				mask("null"),
				mask("redact"),
				mask("redact"),
			];
			const [row] = await masked(session, messages, plan);
			const hash = createHmac("sha256", KEY).update("y  ").digest("hex").slice(0, 3);
			assert.deepEqual(row?.slice(1), ["a***@***.com", "[redacted]", hash, null, "[redacted]", null]);
		});
	}

	it("what is made from a masked column is masked where it is NULL too", async () => {
		const made = { ...mask("redact"), derived: true };
		const text = "SELECT NULL::text, NULL::int, NULL::text, 'x'::text";
		const plan = [made, made, { ...mask("null"), derived: true }, made];
		const [row] = await masked(session, encodeQuery(text), plan);
		assert.deepEqual(row, ["[redacted]", null, null, "[redacted]"]);
	});

	it("leaves every other byte as it was, over thousands of rows", async () => {
		const sql = "SELECT i, 'secret-' || i, repeat('x', i % 500), 'secret' FROM generate_series(1, 5000) i";
		const rows = await masked(session, encodeQuery(sql), [null, mask("redact"), null, mask("redact")]);
		assert.equal(rows.length, 5000);
		for (const [index, row] of rows.entries()) {
			const i = index + 1;
			assert.deepEqual(row, [String(i), "[redacted]", "x".repeat(i % 500), "[redacted]"]);
		}
	});

	it("masks values of some megabytes", async () => {
		const sql = "SELECT repeat('x', 20000000), repeat('y', 3000000)";
		const [row] = await masked(session, encodeQuery(sql), [mask("redact"), null]);
		assert.equal(row?.[0], "[redacted]");
		assert.equal(row?.[1]?.length, 3_000_000);
	});
});

describe("rows that are not as announced", () => {
	const field: RowField = {
		name: "c",
		tableOid: 0,
		column: 0,
		typeOid: 25,
		typeSize: -1,
		modifier: -1,
		format: 0,
	};
	const masker = (columns: number) => textRowMasker(columns, mask("redact"));
	const row = encodeDataRow([Buffer.from("a"), Buffer.from("b")]);

	it("are refused: more columns, fewer, or none", () => {
		for (const columns of [0, 1, 3]) {
			assert.throws(() => masker(columns).mask(row, 0, row.length, new Slab()), {
				code: "row_shape_unexpected",
			});
		}
	});

	it("are refused: lengths that do not fit", () => {
		for (const [at, length] of [
			[7, 2],
			[7, -2],
			[7, 0x7fffffff],
			[12, 0],
			[12, 2],
			[1, 5],
			[1, 100],
		] as const) {
			const broken = Buffer.from(row);
			broken.writeInt32BE(length, at);
			assert.throws(() => masker(2).mask(broken, 0, broken.length, new Slab()), {
				code: "row_shape_unexpected",
			});
		}
	});

	it("a plan of another size is refused before the first row", () => {
		assert.throws(() => cellsOf([field], [], KEY, null), { code: "row_shape_unexpected" });
	});

	it("what was handed out is not written to again", () => {
		const one = masker(2);
		const slab = new Slab();
		const first = one.mask(row, 0, row.length, slab);
		const copy = Buffer.from(first);
		for (let index = 0; index < 10_000; index++) one.mask(row, 0, row.length, slab);
		assert.deepEqual(first, copy);
	});
});

describe("a row that comes in parts", () => {
	const cells = (...masks: (ColumnMask | null)[]) =>
		cellsOf(
			masks.map(() => ({ typeOid: 25, modifier: -1, format: 0 })),
			masks,
			KEY,
			null,
		);
	const row = encodeDataRow([
		Buffer.from("short"),
		Buffer.alloc(3_000_000, "x"),
		null,
		Buffer.from("plain"),
		Buffer.from("ada@example.com"),
	]);
	const plan = [mask("hash"), mask("hash"), mask("redact"), null, mask("partial")];

	for (const size of [1, 7, 65_536, row.length]) {
		it(`is masked as it would be as a whole, in pieces of ${size}`, () => {
			const whole = Buffer.from(
				new RowMasker(cells(...plan)).mask(Buffer.from(row), 0, row.length, new Slab()),
			);
			const condenser = new RowCondenser(cells(...plan), KEY, 1_000);
			const few = size < 7 ? row.length - 40 : 0; // byte by byte only where something begins or ends
			let masked: Buffer | null = null;
			for (let at = 0; at < row.length; ) {
				const step = size === 1 && at > 40 && at < few ? few - at : size;
				const end = Math.min(row.length, at + step);
				masked = condenser.part(row, at, end, end === row.length);
				at = end;
			}
			assert.deepEqual(masked, whole);
		});
	}

	it("holds no more than the limit of what is not masked", () => {
		const condenser = new RowCondenser(cells(mask("redact"), null, null, null, null), KEY, 100_000);
		assert.throws(() => condenser.part(row, 0, row.length, true), { code: "message_too_large" });
	});

	it("is refused where it is not what was announced", () => {
		for (const masks of [[mask("redact")], [...plan, null]])
			assert.throws(() => new RowCondenser(cells(...masks), KEY, 1e9).part(row, 0, row.length, true), {
				code: "row_shape_unexpected",
			});
		assert.throws(() => new RowCondenser(cells(...plan), KEY, 1e9).part(row, 0, row.length - 1, true), {
			code: "row_shape_unexpected",
		});
	});
});
