import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { parse } from "pg-protocol";
import {
	Backend,
	backendLimits,
	decodeAuthentication,
	decodeBackendKeyData,
	decodeBind,
	decodeClose,
	decodeCommandComplete,
	decodeCopyResponse,
	decodeDataRow,
	decodeDescribe,
	decodeErrorFields,
	decodeExecute,
	decodeNotification,
	decodeParameterDescription,
	decodeParameterStatus,
	decodeParse,
	decodeQuery,
	decodeReadyForQuery,
	decodeRowDescription,
	decodeStartupPacket,
	encodeClose,
	encodeDescribe,
	encodeErrorFields,
	encodeExecute,
	encodeParse,
	encodeQuery,
	encodeRowDescription,
	Frontend,
	frontendLimits,
	MessageReader,
	startupLength,
} from "../../../../../src/protocols/postgres/codec/index.ts";
import { type RunningPostgres, startPostgres } from "../../../../support/postgres.ts";
import { capture } from "./capture.ts";

interface Seen {
	readonly type: number;
	readonly bytes: Buffer;
}

function split(reader: MessageReader, stream: Buffer): Seen[] {
	const seen: Seen[] = [];
	reader.push(stream);
	while (reader.next()) {
		seen.push({ type: reader.type, bytes: Buffer.from(reader.buffer.subarray(reader.start, reader.end)) });
	}
	assert.equal(reader.midMessage, false);
	return seen;
}

/** The fields of pg-protocol's messages that both sides have, by our message type. */
function ours({ type, bytes }: Seen): Record<string, unknown> | null {
	const size = bytes.length;
	switch (type) {
		case Backend.RowDescription:
			return {
				fields: decodeRowDescription(bytes, 0, size).map((field) => [
					...[field.name, field.tableOid, field.column, field.typeOid, field.typeSize, field.modifier],
					field.format === 0 ? "text" : "binary",
				]),
			};
		case Backend.DataRow:
			return { fields: decodeDataRow(bytes, 0, size).map((value) => value?.toString("utf8") ?? null) };
		case Backend.CommandComplete:
			return { text: decodeCommandComplete(bytes, 0, size).tag };
		case Backend.ReadyForQuery:
			return { status: decodeReadyForQuery(bytes, 0, size) };
		case Backend.ParameterStatus: {
			const { name, value } = decodeParameterStatus(bytes, 0, size);
			return { parameterName: name, parameterValue: value };
		}
		case Backend.BackendKeyData: {
			const key = decodeBackendKeyData(bytes, 0, size);
			return { processID: key.processId, secretKey: key.secret.readInt32BE(0) };
		}
		case Backend.NotificationResponse: {
			const { processId, channel, payload } = decodeNotification(bytes, 0, size);
			return { processId, channel, payload };
		}
		case Backend.ParameterDescription:
			return { dataTypeIDs: decodeParameterDescription(bytes, 0, size) };
		case Backend.CopyInResponse:
		case Backend.CopyOutResponse: {
			const copy = decodeCopyResponse(bytes, 0, size);
			return { binary: copy.format === 1, columnTypes: copy.columnFormats };
		}
		case Backend.ErrorResponse:
		case Backend.NoticeResponse: {
			const fields = decodeErrorFields(bytes, 0, size);
			return {
				code: fields.get("C"),
				message: fields.get("M"),
				detail: fields.get("D"),
				hint: fields.get("H"),
			};
		}
		default:
			return null;
	}
}

function theirs(message: Record<string, unknown>, keys: readonly string[]): Record<string, unknown> {
	return Object.fromEntries(
		keys.map((key) => {
			const value = message[key];
			if (key !== "fields" || !Array.isArray(value) || typeof value[0] !== "object" || value[0] === null) {
				return [key, value];
			}
			const names = [
				"name",
				"tableID",
				"columnID",
				"dataTypeID",
				"dataTypeSize",
				"dataTypeModifier",
				"format",
			];
			return [key, value.map((field: Record<string, unknown>) => names.map((name) => field[name]))];
		}),
	);
}

async function oracle(stream: Buffer): Promise<Record<string, unknown>[]> {
	const messages: Record<string, unknown>[] = [];
	await parse(Readable.from([stream]), (message) =>
		messages.push(message as unknown as Record<string, unknown>),
	);
	return messages;
}

/** Everything that a session may hold, by node-postgres. */
async function drive(port: number): Promise<void> {
	const client = new pg.Client({
		host: "127.0.0.1",
		port,
		user: "postgres",
		database: "postgres",
		password: "x",
	});
	client.on("error", () => {});
	await client.connect();
	await client.query("CREATE TEMP TABLE t (id int PRIMARY KEY, name text, data bytea, at timestamptz)");
	await client.query("INSERT INTO t VALUES ($1, $2, $3, now()), (2, NULL, NULL, NULL)", [
		1,
		"ärger 😀",
		Buffer.from([0, 255]),
	]);
	await client.query({ name: "by id", text: "SELECT * FROM t WHERE id = $1", values: [1], rowMode: "array" });
	await client.query({
		text: "SELECT id, data FROM t WHERE id < $1",
		values: [5],
		binary: true,
	} as pg.QueryConfig);
	await client.query("SELECT 1; SELECT 2 WHERE false; BEGIN; SAVEPOINT s; ROLLBACK TO s; COMMIT");
	await client.query("SELECT 1/0").catch(() => {});
	await client.query("INSERT INTO t VALUES (1)").catch(() => {});
	await client.query("LISTEN news; NOTIFY news, 'päyload'");
	await client.query("DO $$ BEGIN RAISE NOTICE 'note' USING DETAIL = 'd', HINT = 'h'; END $$");
	await client.query("");
	await client.query("SELECT repeat('x', 300000) FROM generate_series(1, 3)");
	await client.end();
}

for (const version of [15, 18] as const) {
	describe(`what PostgreSQL ${version} and its clients really say`, () => {
		let server: RunningPostgres;
		before(async () => {
			server = await startPostgres({ version });
		});
		after(() => server.stop());

		it("the backend's messages are those that pg-protocol reads", async () => {
			const { backend } = await capture(server, drive);
			const seen = split(new MessageReader(backendLimits()), backend);
			const messages = await oracle(backend);
			assert.equal(seen.length, messages.length);
			const types = new Set<number>();
			for (const [index, message] of messages.entries()) {
				const mine = seen[index] as Seen;
				assert.equal(message["length"], mine.bytes.length - 1);
				const decoded = ours(mine);
				if (decoded === null) continue;
				types.add(mine.type);
				assert.deepEqual(decoded, theirs(message, Object.keys(decoded)));
			}
			assert.ok(types.size >= 9, `only ${types.size} types seen`);
		});

		it("what is decoded and encoded again is what was there", async () => {
			const { backend, frontend } = await capture(server, drive);
			for (const { type, bytes } of split(new MessageReader(backendLimits()), backend)) {
				if (type === Backend.RowDescription) {
					assert.deepEqual(encodeRowDescription(decodeRowDescription(bytes, 0, bytes.length)), bytes);
				} else if (type === Backend.ErrorResponse) {
					assert.deepEqual(encodeErrorFields("error", decodeErrorFields(bytes, 0, bytes.length)), bytes);
				} else if (type === Backend.Authentication) {
					assert.equal(decodeAuthentication(bytes, 0, bytes.length).type, "ok");
				}
			}
			const length = startupLength(frontend) ?? 0;
			const packet = decodeStartupPacket(frontend.subarray(0, length));
			assert.ok(packet.type === "startup" && packet.parameters.get("database") === "postgres");
			let parameters = 0;
			for (const { type, bytes } of split(new MessageReader(frontendLimits()), frontend.subarray(length))) {
				const size = bytes.length;
				if (type === Frontend.Query) assert.deepEqual(encodeQuery(decodeQuery(bytes, 0, size)), bytes);
				if (type === Frontend.Parse) {
					const { name, text, parameterTypes } = decodeParse(bytes, 0, size);
					assert.deepEqual(encodeParse(name, text, parameterTypes), bytes);
				}
				if (type === Frontend.Describe) {
					const { target, name } = decodeDescribe(bytes, 0, size);
					assert.deepEqual(encodeDescribe(target, name), bytes);
				}
				if (type === Frontend.Close) {
					const { target, name } = decodeClose(bytes, 0, size);
					assert.deepEqual(encodeClose(target, name), bytes);
				}
				if (type === Frontend.Execute) {
					const { portal, maxRows } = decodeExecute(bytes, 0, size);
					assert.deepEqual(encodeExecute(portal, maxRows), bytes);
				}
				if (type === Frontend.Bind) parameters += decodeBind(bytes, 0, size).parameterCount;
			}
			assert.equal(parameters, 5);
		});

		it("psql's COPY in both directions and its errors are read to the last byte", async () => {
			const psql = join(version === 15 ? server.binDir : "/usr/lib/postgresql/15/bin", "psql");
			const { backend, frontend } = await capture(server, async (port) => {
				const script =
					"CREATE TEMP TABLE c (a int, b text);\nCOPY c FROM STDIN;\n1\tx\n2\t\\N\n\\.\nCOPY c TO STDOUT;\nSELEC;\n";
				const child = spawn(
					psql,
					["-X", "-q", "-h", "127.0.0.1", "-p", String(port), "-U", "postgres", "postgres"],
					{ stdio: ["pipe", "ignore", "ignore"] },
				);
				child.stdin.end(script);
				await once(child, "exit");
			});
			// libpq asks for GSS or SSL first; the server's single byte answers stand before the first message.
			const answers = backend.subarray(0, backend.indexOf(Backend.Authentication));
			assert.match(answers.toString(), /^N*$/);
			const types = split(new MessageReader(backendLimits()), backend.subarray(answers.length)).map(
				(seen) => seen.type,
			);
			for (const type of [
				Backend.CopyInResponse,
				Backend.CopyOutResponse,
				Backend.CopyData,
				Backend.CopyDone,
			]) {
				assert.ok(types.includes(type));
			}
			assert.ok(frontend.includes("SELEC;"));
		});
	});
}

describe("bytes kept from PostgreSQL 15 and node-postgres", () => {
	const fixture = (name: string) =>
		readFileSync(join(import.meta.dirname, "../../../../fixtures/postgres", name));

	it("are read as when they were captured", async () => {
		const backend = fixture("node-postgres.backend.bin");
		const seen = split(new MessageReader(backendLimits()), backend);
		assert.equal(
			seen.map(({ type }) => String.fromCharCode(type)).join(""),
			fixture("node-postgres.types.txt").toString("utf8").trim(),
		);
		const messages = await oracle(backend);
		for (const [index, message] of messages.entries()) {
			const decoded = ours(seen[index] as Seen);
			if (decoded !== null) assert.deepEqual(decoded, theirs(message, Object.keys(decoded)));
		}
	});
});
