import { BodyReader } from "./body.ts";
import { ProtocolError } from "./errors.ts";
import type { TransactionStatus } from "./types.ts";

/**
 * Decoders of what a server sends. Each takes the whole message as `buffer[start, end)` and throws ProtocolError when
 * its bytes do not fit. Names and texts of the server are decoded loosely (U+FFFD for what is not UTF-8): before the
 * session's encoding is settled, and on SQL_ASCII databases, they may be in any encoding.
 */

const HEADER = 5;

export interface RowField {
	readonly name: string;
	/** 0 when the column is not one of a relation. */
	readonly tableOid: number;
	/** The column's number in that relation; 0 when there is none, negative for system columns. */
	readonly column: number;
	readonly typeOid: number;
	readonly typeSize: number;
	readonly modifier: number;
	/** In the answer to Describe of a statement always 0: what comes is said by Bind. */
	readonly format: number;
}

export interface CopyResponse {
	/** Of the whole COPY: 0 text or CSV, 1 binary. */
	readonly format: number;
	readonly columnFormats: readonly number[];
}

export interface CommandTag {
	/** `SELECT 5`, `INSERT 0 1`, `CREATE TABLE` ... as the server wrote it. */
	readonly tag: string;
}

/** Letters as in the documentation's list (S, V, C, M, D, H, P ...), in the order in which they came. */
export type ErrorFields = ReadonlyMap<string, string>;

export function decodeRowDescription(buffer: Buffer, start: number, end: number): readonly RowField[] {
	const body = new BodyReader(buffer, start + HEADER, end, "RowDescription");
	const fields: RowField[] = [];
	for (let left = body.uint16(); left > 0; left--) {
		fields.push({
			name: body.lossyString(),
			tableOid: body.uint32(),
			column: body.int16(),
			typeOid: body.uint32(),
			typeSize: body.int16(),
			modifier: body.int32(),
			format: body.int16(),
		});
	}
	body.finish();
	return fields;
}

/**
 * The server describes statements of more parameters than can be bound as well, and cuts their count to 16 bits.
 *
 * @returns the types' OIDs
 */
export function decodeParameterDescription(buffer: Buffer, start: number, end: number): readonly number[] {
	const body = new BodyReader(buffer, start + HEADER, end, "ParameterDescription");
	const types: number[] = [];
	const said = body.uint16();
	const held = (end - start - HEADER - 2) / 4;
	for (let left = held % 65_536 === said ? held : said; left > 0; left--) types.push(body.uint32());
	body.finish();
	return types;
}

/** ErrorResponse and NoticeResponse. */
export function decodeErrorFields(buffer: Buffer, start: number, end: number): ErrorFields {
	const body = new BodyReader(buffer, start + HEADER, end, "ErrorResponse");
	const fields = new Map<string, string>();
	for (let letter = body.uint8(); letter !== 0; letter = body.uint8()) {
		fields.set(String.fromCharCode(letter), body.lossyString());
	}
	body.finish();
	return fields;
}

export function decodeReadyForQuery(buffer: Buffer, start: number, end: number): TransactionStatus {
	const body = new BodyReader(buffer, start + HEADER, end, "ReadyForQuery");
	const status = String.fromCharCode(body.uint8());
	body.finish();
	if (status === "I" || status === "T" || status === "E") return status;
	throw body.malformed(`unknown transaction status ${status}`);
}

export function decodeCommandComplete(buffer: Buffer, start: number, end: number): CommandTag {
	const body = new BodyReader(buffer, start + HEADER, end, "CommandComplete");
	const tag = body.lossyString();
	body.finish();
	return { tag };
}

export function decodeParameterStatus(
	buffer: Buffer,
	start: number,
	end: number,
): { name: string; value: string } {
	const body = new BodyReader(buffer, start + HEADER, end, "ParameterStatus");
	const name = body.lossyString();
	const value = body.lossyString();
	body.finish();
	return { name, value };
}

/** The key is 4 bytes in protocol 3.0 and up to 256 from 3.2 on. */
export interface BackendKey {
	readonly processId: number;
	readonly secret: Buffer;
}

export function decodeBackendKeyData(buffer: Buffer, start: number, end: number): BackendKey {
	const body = new BodyReader(buffer, start + HEADER, end, "BackendKeyData");
	const processId = body.uint32();
	const size = body.left;
	if (size < 4 || size > 256) throw body.malformed(`a cancel key of ${size} bytes`);
	return { processId, secret: Buffer.from(body.bytes(size)) };
}

/** CopyInResponse, CopyOutResponse and CopyBothResponse. */
export function decodeCopyResponse(buffer: Buffer, start: number, end: number): CopyResponse {
	const body = new BodyReader(buffer, start + HEADER, end, "CopyResponse");
	const format = body.uint8();
	const columnFormats: number[] = [];
	for (let left = body.uint16(); left > 0; left--) columnFormats.push(body.uint16());
	body.finish();
	return { format, columnFormats };
}

export interface Notification {
	readonly processId: number;
	readonly channel: string;
	readonly payload: string;
}

export function decodeNotification(buffer: Buffer, start: number, end: number): Notification {
	const body = new BodyReader(buffer, start + HEADER, end, "NotificationResponse");
	const notification = {
		processId: body.uint32(),
		channel: body.lossyString(),
		payload: body.lossyString(),
	};
	body.finish();
	return notification;
}

export function decodeNegotiateProtocolVersion(
	buffer: Buffer,
	start: number,
	end: number,
): { minor: number; unrecognised: readonly string[] } {
	const body = new BodyReader(buffer, start + HEADER, end, "NegotiateProtocolVersion");
	// The documentation says "minor"; servers send the whole version number.
	const minor = body.uint32() & 0xffff;
	const unrecognised: string[] = [];
	for (let left = body.uint32(); left > 0; left--) unrecognised.push(body.lossyString());
	body.finish();
	return { minor, unrecognised };
}

export type AuthenticationRequest =
	| { readonly type: "ok" }
	| { readonly type: "cleartext" }
	| { readonly type: "md5"; readonly salt: Buffer }
	| { readonly type: "sasl"; readonly mechanisms: readonly string[] }
	| { readonly type: "sasl_continue"; readonly data: Buffer }
	| { readonly type: "sasl_final"; readonly data: Buffer }
	/** Kerberos, GSS, SSPI, SCM credentials: not spoken here. */
	| { readonly type: "unsupported"; readonly code: number };

export function decodeAuthentication(buffer: Buffer, start: number, end: number): AuthenticationRequest {
	const body = new BodyReader(buffer, start + HEADER, end, "Authentication");
	const code = body.uint32();
	const request = authenticationRequest(code, body);
	if (request.type !== "unsupported") body.finish();
	return request;
}

function authenticationRequest(code: number, body: BodyReader): AuthenticationRequest {
	switch (code) {
		case 0:
			return { type: "ok" };
		case 3:
			return { type: "cleartext" };
		case 5:
			return { type: "md5", salt: Buffer.from(body.bytes(4)) };
		case 10: {
			const mechanisms: string[] = [];
			for (let name = body.string(); name !== ""; name = body.string()) mechanisms.push(name);
			return { type: "sasl", mechanisms };
		}
		case 11:
			return { type: "sasl_continue", data: Buffer.from(body.bytes(body.left)) };
		case 12:
			return { type: "sasl_final", data: Buffer.from(body.bytes(body.left)) };
		default:
			return { type: "unsupported", code };
	}
}

/** One DataRow's values as ranges of the buffer, null for NULL: for the record and for the gateway's own queries. */
export function decodeDataRow(buffer: Buffer, start: number, end: number): (Buffer | null)[] {
	const body = new BodyReader(buffer, start + HEADER, end, "DataRow");
	const values: (Buffer | null)[] = [];
	for (let left = body.uint16(); left > 0; left--) {
		const length = body.int32();
		if (length < -1) throw new ProtocolError("message_malformed", `a column of ${length} bytes`);
		values.push(length === -1 ? null : body.bytes(length));
	}
	body.finish();
	return values;
}

/** @returns the value as a range of the message, null for NULL */
export function decodeFunctionCallResponse(buffer: Buffer, start: number, end: number): Buffer | null {
	const body = new BodyReader(buffer, start + HEADER, end, "FunctionCallResponse");
	const length = body.int32();
	if (length < -1) throw body.malformed(`a value of ${length} bytes`);
	const value = length === -1 ? null : body.bytes(length);
	body.finish();
	return value;
}
