import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
	Backend,
	backendLimits,
	decodeDataRow,
	decodeErrorFields,
	decodeRowDescription,
	encodeBind,
	encodeDescribe,
	encodeExecute,
	encodeParse,
	MessageReader,
	parameterText,
	type RowField,
	SYNC,
} from "../../../../../src/protocols/postgres/codec/index.ts";
import {
	connectServer,
	type PostgresServer,
	type UpstreamSession,
} from "../../../../../src/protocols/postgres/upstream/index.ts";
import { type RunningPostgres, startPostgres } from "../../../../support/postgres.ts";
import { upstreamOf } from "../upstream/fixtures.ts";

/** Values by type, as SQL; each is asked for in text and in binary, and ours must render the one as the other. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
	bool: ["true", "false"],
	int2: ["-32768", "0", "32767"],
	int4: ["-2147483648", "42", "2147483647"],
	int8: ["-9223372036854775808", "9223372036854775807", "9007199254740993"],
	oid: ["0", "4294967295"],
	float4: [
		...[
			"'NaN'",
			"'Infinity'",
			"'-Infinity'",
			"'-0'",
			"0",
			"1",
			"-1.5",
			"0.1",
			"123456",
			"1234567",
			"1e6",
			"999999",
		],
		...[
			"1e-4",
			"1e-5",
			"0.00012345",
			"3.4028235e38",
			"1.17549435e-38",
			"1e-45",
			"16777216",
			"33554432",
			"8388608.5",
		],
		...["'3.3333333'", "1e10", "123456.7", "9.5367431640625e-07", "1.1920929e-07"],
	],
	float8: [
		...[
			"'NaN'",
			"'Infinity'",
			"'-Infinity'",
			"'-0'",
			"0",
			"1",
			"-1.5",
			"0.1",
			"1e15",
			"1e14",
			"999999999999999",
		],
		...["123456789012345678", "1e-4", "1e-5", "1e20", "1e21", "1e22", "1.7976931348623157e308", "5e-324"],
		...[
			"2.2250738585072014e-308",
			"0.1::float8 + 0.2::float8",
			"1::float8/3",
			"9007199254740993",
			"1e100",
			"100000",
		],
	],
	numeric: [
		...[
			"0",
			"0.00",
			"1",
			"-1",
			"10000",
			"9999",
			"99990000",
			"0.0001",
			"0.00001",
			"-0.1",
			"123456789.987654321",
		],
		...[
			"1e50",
			"1e-50",
			"'NaN'",
			"'Infinity'",
			"'-Infinity'",
			"100000000",
			"12345678901234567890.1234567890",
			"1.500",
		],
	],
	text: ["'plain'", "''", "'ä😀'", "E'a\\nb'"],
	varchar: ["'v'"],
	bpchar: ["'c '"],
	name: ["'n'"],
	uuid: ["'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'"],
	bytea: ["'\\x'", "'\\x00ff10'"],
	'"char"': ["'x'", "''", "'\\377'"],
	date: [
		"'2000-01-01'",
		"'1999-12-31'",
		"'2024-02-29'",
		"'0001-01-01'",
		"'0044-03-15 BC'",
		"'4713-01-01 BC'",
		"'infinity'",
		"'-infinity'",
		"'5874897-12-31'",
		"'12345-06-07'",
	],
	time: ["'00:00'", "'24:00:00'", "'12:34:56.789'", "'23:59:59.999999'", "'01:02:03.1'"],
	timetz: ["'12:00+00'", "'12:34:56.7+05:30'", "'01:02:03-08'", "'00:00:00+01:02:03'"],
	timestamp: [
		"'2000-01-01'",
		"'1999-12-31 23:59:59.999999'",
		"'2024-02-29 12:00:00.5'",
		"'0044-03-15 12:00 BC'",
		"'infinity'",
		"'-infinity'",
		"'294276-12-31 23:59:59.999999'",
		"'4713-01-01 00:00:00 BC'",
	],
	timestamptz: [
		"'2000-01-01 00:00+00'",
		"'1970-01-01 00:00:00.000001+02'",
		"'infinity'",
		"'0001-12-31 23:59:59 BC'",
	],
	interval: [
		...[
			"'0'",
			"'1 year'",
			"'-1 year'",
			"'2 years 1 mon -3 days'",
			"'1 day 01:02:03.456'",
			"'-00:00:01'",
			"'1 mon -1 day 2 hours'",
		],
		...[
			"'-1 day +2 hours'",
			"'-1 mon 1 day'",
			"'100 hours'",
			"'-13 months'",
			"'1 day -00:00:00.5'",
			"'-1 day -00:00:00.000001'",
			"'11 mons'",
		],
	],
	json: [`'{"a": 1}'`],
	jsonb: [`'{"a": 1, "b": [null]}'`, "'null'"],
	inet: [
		"'127.0.0.1'",
		"'10.1.2.3/8'",
		"'::1'",
		"'2001:db8::1/64'",
		"'::ffff:1.2.3.4'",
		"'::1.2.3.4'",
		"'1:0:0:2:0:0:0:3'",
		"'fe80::'",
		"'::'",
		"'1:2:3:4:5:6:7:8'",
		"'1:0:3:4:5:6:7:8'",
	],
	cidr: ["'10.0.0.0/8'", "'192.168.1.1'", "'2001:db8::/32'", "'::1'"],
	"int4[]": [
		"'{}'",
		"'{1,NULL,3}'",
		"'{{1,2},{3,4}}'",
		"'[0:1]={5,6}'",
		"'[2:3][-1:0]={{1,2},{3,4}}'",
		"'[1:2][10:11]={{1,2},{3,4}}'",
		"'{{{1},{2}},{{3},{4}}}'",
	],
	"text[]": [
		`ARRAY['a', '', 'NULL', 'null', 'with space', 'q"uo', 'back\\slash', 'br{a}ce', 'com,ma', E'tab\\t', E'nbsp\\u00a0x', NULL]`,
	],
	"numeric[]": ["'{1.10,-2}'"],
	"bool[]": ["'{t,f}'"],
	"date[]": ["'{2024-02-29,infinity}'"],
	"timestamptz[]": ["'{2024-02-29 01:02:03+00}'"],
	"uuid[]": ["'{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}'"],
	"bytea[]": ["ARRAY['\\xff'::bytea]"],
	"jsonb[]": [`ARRAY['{"a": 1}'::jsonb]`],
	"float8[]": ["'{1.5,NaN,1e300}'"],
	"inet[]": ["'{1.2.3.4,::1}'"],
};
/** On 17 and up only. */
const NEWER = ["'infinity'::interval", "'-infinity'::interval"];

/** One value's bytes in the format asked for. */
async function fetchValue(
	session: UpstreamSession,
	sql: string,
	format: number,
): Promise<[Buffer, RowField]> {
	const bind = encodeBind({ portal: "", statement: "", resultFormats: [format] });
	session.socket.write(
		Buffer.concat([encodeParse("", sql), bind, encodeDescribe("portal", ""), encodeExecute(""), SYNC]),
	);
	const reader = new MessageReader(backendLimits());
	let field: RowField | undefined;
	let value: Buffer | null | undefined;
	for await (const chunk of session.socket.iterator({ destroyOnReturn: false })) {
		reader.push(chunk as Buffer);
		while (reader.next()) {
			const { type, buffer, start, end } = reader;
			if (type === Backend.RowDescription) field = decodeRowDescription(buffer, start, end)[0];
			if (type === Backend.DataRow) value = decodeDataRow(buffer, start, end)[0];
			if (type === Backend.ErrorResponse)
				assert.fail(`${sql}: ${decodeErrorFields(buffer, start, end).get("M")}`);
			if (type === Backend.ReadyForQuery) {
				assert.ok(field !== undefined && value != null, sql);
				return [value, field];
			}
		}
	}
	throw new Error("the connection ended");
}

for (const version of [15, 18] as const) {
	describe(`parameters in binary, as PostgreSQL ${version} renders them`, () => {
		let server: RunningPostgres;
		let session: UpstreamSession;
		before(async () => {
			server = await startPostgres({ version });
			const upstream: PostgresServer = upstreamOf(server);
			session = await connectServer(upstream);
		});
		after(async () => {
			session.socket.destroy();
			await server.stop();
		});

		const expressions = Object.entries(VALUES).flatMap(([type, values]) =>
			values.map((value) => [type, `(${value})::${type}`]),
		);
		if (version >= 17) expressions.push(...NEWER.map((value) => ["interval", value]));
		for (const [type, expression] of expressions) {
			it(`${expression}`, async () => {
				const sql = `SELECT ${expression}`;
				const [text] = await fetchValue(session, sql, 0);
				const [binary, field] = await fetchValue(session, sql, 1);
				assert.equal(parameterText(field.typeOid, 1, binary), text.toString("utf8"), type);
				assert.equal(parameterText(field.typeOid, 0, text), text.toString("utf8"));
			});
		}
	});
}

describe("parameters that can't be decoded", () => {
	for (const [name, oid, bytes] of [
		["a type that is not known", 600, "0000000000000000"],
		["too few bytes", 23, "000001"],
		["too many bytes", 23, "0000000001"],
		["a numeric with digits over 9999", 1700, "0001000000000000ffff"],
		["a numeric with an unknown sign", 1700, "00000000800000000000"],
		["text that is not UTF-8", 25, "ff"],
		["text with NUL", 25, "6100"],
		["jsonb of an unknown version", 3802, "027b7d"],
		["an array of another element type", 1007, "00000000000000000000001900"],
		["an array of seven dimensions", 1007, "000000070000000000000017"],
		["an array that announces a thousand million elements", 1007, "0000000100000000000000173b9aca0000000001"],
		["a date beyond what the server takes", 1082, "80000001"],
		["an address of a family that does not exist", 869, "09200004 01020304".replace(" ", "")],
	] as const) {
		it(name, () => assert.equal(parameterText(oid, 1, Buffer.from(bytes, "hex")), null));
	}

	it("text format: only what is not UTF-8", () => {
		assert.equal(parameterText(23, 0, Buffer.from("not a number")), "not a number");
		assert.equal(parameterText(25, 0, Buffer.from([0xc3])), null);
	});
});
