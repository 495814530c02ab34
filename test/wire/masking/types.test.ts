import assert from "node:assert/strict";
import { after, before, describe as suite, test } from "node:test";
import { decodeDataRow, encodeBind } from "../../../src/protocols/postgres/codec/index.ts";
import { outline, type Received, rows, type WireClient } from "../../support/wire-client.ts";
import { bind, describe, execute, parse, query, SYNC } from "../../support/wire-messages.ts";
import { type Pair, policyOf, startPair } from "../../support/wire-pair.ts";
import { TYPES, TYPES_SCHEMA } from "./types.ts";

const OPTIONS = {
	partial: '"transform": "partial", "keep": 2, "keep_first": 1',
	hash: '"transform": "hash"',
	generalise: '"transform": "generalise"',
	zero: '"transform": "redact", "zero": true',
	redact: '"transform": "redact"',
	null: '"transform": "null"',
	tokenise: '"transform": "tokenise"',
} as const;
type Way = keyof typeof OPTIONS;
const WAYS = Object.keys(OPTIONS) as Way[];

const columns = TYPES.map(({ type }, index) => `c${index} ${type}`).join(", ");
const values = TYPES.map(({ type, value }) => `${value}::${type}`).join(", ");
const tables = WAYS.map(
	(way) =>
		`CREATE TABLE m_${way} (${columns}); INSERT INTO m_${way} SELECT ${values}; INSERT INTO m_${way} DEFAULT VALUES;`,
);

suite("every type is masked so that what comes is a value of the type", () => {
	let pair: Pair;
	let client: WireClient;
	let direct: WireClient;

	before(async () => {
		const masks = WAYS.map(
			(way) => `mask contains {"rule": "${way}", "columns": ["public.m_${way}.*"], ${OPTIONS[way]}}`,
		);
		pair = await startPair({
			schema: `${TYPES_SCHEMA}${tables.join("\n")}CREATE TABLE plain (${columns.replace("char(6)", "text")})`,
			policy: policyOf(`allow contains {"rule": "all"}\n${masks.join("\n")}`),
		});
		client = await pair.through(undefined, { TimeZone: "UTC" });
		direct = await pair.direct({ TimeZone: "UTC" });
	});
	after(async () => {
		client.close();
		direct.close();
		await pair.stop();
	});

	const first = (answer: readonly Received[]): readonly (Buffer | null)[] => {
		const row = answer.find(({ type }) => type === "D");
		assert.ok(row !== undefined, outline(answer));
		return decodeDataRow(row.bytes, 0, row.bytes.length);
	};
	const texts = async (way: Way): Promise<(string | null)[]> => {
		const answer = await client.ask([query(`SELECT * FROM m_${way} WHERE c0 IS NOT NULL`)]);
		return first(answer).map((value) => value?.toString() ?? null);
	};

	test("text format gives what is documented", async () => {
		const got: Partial<Record<Way, readonly (string | null)[]>> = {};
		for (const way of ["partial", "hash", "generalise", "zero"] as const) got[way] = await texts(way);
		for (const way of ["partial", "generalise", "zero"] as const)
			assert.deepEqual(
				got[way],
				TYPES.map((expected) => expected[way]),
				way,
			);
		for (const [index, { type, hash }] of TYPES.entries()) {
			const hashed = got.hash?.[index] ?? null;
			if (hash === null) assert.equal(hashed, null, type);
			else assert.match(hashed ?? "NULL", hash, type);
		}
	});

	test("null, redact and tokenise give NULL but for texts", async () => {
		assert.ok((await texts("null")).every((value) => value === null));
		const isText = (index: number) =>
			/^(text|varchar|char|name|mail)(\(\d+\))?$/.test(TYPES[index]?.type ?? "");
		for (const [index, value] of (await texts("redact")).entries())
			assert.equal(value, isText(index) ? (TYPES[index]?.zero ?? null) : null);
		for (const [index, value] of (await texts("tokenise")).entries())
			if (isText(index) && TYPES[index]?.type !== "char(6)") assert.match(value ?? "", /^tok_[\w-]+$/);
	});

	test("NULL stays NULL", async () => {
		for (const way of WAYS) {
			const answer = await client.ask([query(`SELECT * FROM m_${way} WHERE c0 IS NULL`)]);
			assert.ok(first(answer).every((value) => value === null));
		}
	});

	test("binary format says the same, and the server takes it for a value of the type", async () => {
		for (const way of WAYS) {
			const text = await texts(way);
			const binary = first(
				await client.ask([
					parse(`SELECT * FROM m_${way} WHERE c0 IS NOT NULL`),
					bind("", "", [], [1]),
					describe.portal(),
					execute(),
					SYNC,
				]),
			);
			for (const [index, { type }] of TYPES.entries()) {
				const value = binary[index] ?? null;
				const shown = text[index] ?? null;
				if (value === null || shown === null) {
					assert.equal(value, shown, `${way} of ${type}`);
					continue;
				}
				const back = encodeBind({
					portal: "",
					statement: "",
					values: [value, Buffer.from(shown)],
					parameterFormats: [1, 0],
				});
				const sql = `SELECT $1::${type}::text, $2::text::${type}::text`;
				const answer = await direct.ask([parse(sql), back, execute(), SYNC]);
				const [row] = rows(answer);
				assert.ok(
					row !== undefined,
					`${way} of ${type}: ${outline(answer, true)} for ${value.toString("hex")} ${shown}`,
				);
				assert.equal(row[0], row[1], `${way} of ${type}`);
			}
		}
	});

	for (const form of ["text", "csv", "csv, header, delimiter ';', quote '''', null 'N'", "binary"] as const) {
		test(`COPY in the form ${form} says the same`, async () => {
			for (const way of WAYS) {
				const options = `(format ${form})`;
				const out = await client.ask([query(`COPY m_${way} TO STDOUT ${options}`)]);
				const data = out.filter(({ type }) => type === "d").map(({ bytes }) => bytes);
				assert.ok(data.length > 0, `${way}: ${outline(out, true)}`);
				direct.send(query(`TRUNCATE plain; COPY plain FROM STDIN ${options}`));
				await direct.until("G", "E");
				const done = await direct.ask([...data, Buffer.from("c\0\0\0\x04")]);
				assert.equal(outline(done), "C(COPY 2) ZI", `${way}: ${outline(done, true)}`);
				const copied = rows(
					await direct.ask([query("SELECT * FROM plain WHERE c0 IS NOT NULL OR true LIMIT 1")]),
				)[0];
				const selected = rows(
					await direct.ask([
						query(
							`SELECT ${(await texts(way)).map((text, index) => (text === null ? `NULL::${TYPES[index]?.type}` : `'${text.replaceAll("'", "''")}'::${TYPES[index]?.type}`)).join(", ")}`,
						),
					]),
				)[0];
				assert.deepEqual(copied, selected, way);
			}
		});
	}
});
