import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import * as codec from "../../../../../src/protocols/postgres/codec/index.ts";
import { columnMask, textRowMasker } from "../../../../support/masks.ts";

const RUNS = { numRuns: 2000, seed: 20_261_126 };

type Decoder = (buffer: Buffer, start: number, end: number) => unknown;
const DECODERS: Readonly<Record<string, Decoder>> = {
	Query: codec.decodeQuery,
	Parse: codec.decodeParse,
	Bind: codec.decodeBind,
	Describe: codec.decodeDescribe,
	Close: codec.decodeClose,
	Execute: codec.decodeExecute,
	CopyFail: codec.decodeCopyFail,
	Password: codec.decodePassword,
	FunctionCall: codec.decodeFunctionCall,
	SASLInitialResponse: codec.decodeSaslInitialResponse,
	SASLResponse: codec.decodeSaslResponse,
	FunctionCallResponse: codec.decodeFunctionCallResponse,
	empty: (buffer, start, end) => codec.checkEmpty(buffer, start, end, "Sync"),
	RowDescription: codec.decodeRowDescription,
	ParameterDescription: codec.decodeParameterDescription,
	ErrorResponse: codec.decodeErrorFields,
	ReadyForQuery: codec.decodeReadyForQuery,
	CommandComplete: codec.decodeCommandComplete,
	ParameterStatus: codec.decodeParameterStatus,
	BackendKeyData: codec.decodeBackendKeyData,
	CopyResponse: codec.decodeCopyResponse,
	NotificationResponse: codec.decodeNotification,
	NegotiateProtocolVersion: codec.decodeNegotiateProtocolVersion,
	Authentication: codec.decodeAuthentication,
	DataRow: codec.decodeDataRow,
};

/** Bytes as a message has them: small numbers and letters are likelier than noise. */
const body = fc
	.array(fc.oneof(fc.constantFrom(0, 1, 2, 4, 255), fc.integer({ min: 0x41, max: 0x7a }), fc.nat(255)), {
		maxLength: 60,
	})
	.map((bytes) => Buffer.from(bytes));

describe("decoders", () => {
	for (const [name, decode] of Object.entries(DECODERS)) {
		it(`${name}: any bytes are decoded or refused, and the neighbours' bytes don't matter`, () => {
			fc.assert(
				fc.property(body, body, body, (before, inside, behind) => {
					const alone = attempt(decode, Buffer.concat([Buffer.alloc(5), inside]), 0);
					const among = attempt(
						decode,
						Buffer.concat([before, Buffer.alloc(5), inside, behind]),
						before.length,
						inside.length,
					);
					assert.deepEqual(among, alone);
				}),
				RUNS,
			);
		});
	}

	it("start-up packets are decoded or refused", () => {
		fc.assert(
			fc.property(
				body,
				fc.constantFrom(196608, 196610, 80877102, 80877103, 80877104, 131072),
				(rest, code) => {
					const packet = Buffer.concat([Buffer.alloc(8), rest]);
					packet.writeInt32BE(packet.length, 0);
					packet.writeUInt32BE(code, 4);
					attempt((buffer) => codec.decodeStartupPacket(buffer), packet, 0);
				},
			),
			RUNS,
		);
	});

	it("binary parameters of any type are decoded or null", () => {
		const types = [
			16, 17, 18, 20, 21, 23, 26, 650, 700, 701, 869, 1082, 1083, 1114, 1184, 1186, 1266, 1700, 2950, 3802,
		];
		const arrays = [1000, 1007, 1009, 1016, 1231, 1115, 1182, 2951, 3807];
		fc.assert(
			fc.property(fc.constantFrom(...types, ...arrays), body, (type, value) => {
				const text = codec.parameterText(type, 1, value);
				assert.ok(text === null || typeof text === "string");
			}),
			{ ...RUNS, numRuns: 20_000 },
		);
	});

	it("rows of any shape are masked or refused, never let through", () => {
		fc.assert(
			fc.property(fc.array(body, { maxLength: 3 }), fc.nat(3), (rows, columns) => {
				const stream = Buffer.concat(rows.map(framed));
				const masker = textRowMasker(columns, columnMask("redact"));
				attempt(
					(buffer) => {
						const masked = masker.mask(buffer, 0, buffer.length, new codec.Slab());
						const reader = new codec.MessageReader(codec.backendLimits());
						reader.push(masked);
						while (reader.next()) {
							for (const value of codec.decodeDataRow(reader.buffer, reader.start, reader.end)) {
								assert.ok(value === null || value.toString() === "[redacted]");
							}
						}
					},
					stream,
					0,
				);
			}),
			RUNS,
		);
	});
});

function framed(inside: Buffer): Buffer {
	const message = Buffer.concat([Buffer.from([codec.Backend.DataRow, 0, 0, 0, 0]), inside]);
	message.writeInt32BE(message.length - 1, 1);
	return message;
}

/** What a decoder makes of it, without the offsets in Bind; errors by their code and text. */
function attempt(decode: Decoder, buffer: Buffer, start: number, size = buffer.length - 5): unknown {
	try {
		const decoded = decode(buffer, start, start + 5 + size);
		if (!(decoded instanceof codec.BindMessage)) return decoded;
		const values = decoded.valueLengths.map((_, index) => decoded.value(index)?.toString("hex") ?? null);
		return [decoded.portal, decoded.statement, decoded.parameterFormats, decoded.resultFormats, values];
	} catch (error) {
		assert.ok(error instanceof codec.ProtocolError, String(error));
		return [error.code, error.message];
	}
}
