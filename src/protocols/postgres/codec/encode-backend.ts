import type { ErrorFields, RowField } from "./backend.ts";
import { Backend, type TransactionStatus } from "./types.ts";
import { MessageWriter } from "./writer.ts";

/** Encoders of what the gateway sends to a client. Each returns one whole message. */

export type Severity = "ERROR" | "FATAL" | "PANIC" | "WARNING" | "NOTICE" | "DEBUG" | "INFO" | "LOG";

/** An error or notice of the gateway's own. */
export interface Report {
	readonly severity: Severity;
	readonly sqlstate: string;
	readonly message: string;
	readonly detail?: string | null;
	readonly hint?: string | null;
	/** The server's function that an error of this kind comes from: drivers know some kinds by it. */
	readonly routine?: string;
	/** 1-based, in characters of the statement's text. */
	readonly position?: number | null;
}

/** Texts may hold anything: NUL, which the wire can't carry, becomes U+FFFD. */
export function encodeErrorResponse(report: Report): Buffer {
	return encodeFields(Backend.ErrorResponse, reportFields(report));
}

export function encodeNoticeResponse(report: Report): Buffer {
	return encodeFields(Backend.NoticeResponse, reportFields(report));
}

/** For fields that came from a server and go on changed. */
export function encodeErrorFields(kind: "error" | "notice", fields: ErrorFields): Buffer {
	return encodeFields(kind === "error" ? Backend.ErrorResponse : Backend.NoticeResponse, fields);
}

function reportFields(report: Report): ErrorFields {
	const fields = new Map([
		["S", report.severity],
		["V", report.severity],
		["C", report.sqlstate],
		["M", report.message],
	]);
	if (report.detail != null) fields.set("D", report.detail);
	if (report.hint != null) fields.set("H", report.hint);
	if (report.position != null) fields.set("P", String(report.position));
	if (report.routine !== undefined) fields.set("R", report.routine);
	return fields;
}

function encodeFields(type: number, fields: ErrorFields): Buffer {
	const writer = new MessageWriter(type);
	for (const [letter, text] of fields)
		writer.uint8(letter.charCodeAt(0)).cString(text.replaceAll("\0", "\uFFFD"));
	return writer.uint8(0).finish();
}

const READY = {
	I: new MessageWriter(Backend.ReadyForQuery).uint8(0x49).finish(),
	T: new MessageWriter(Backend.ReadyForQuery).uint8(0x54).finish(),
	E: new MessageWriter(Backend.ReadyForQuery).uint8(0x45).finish(),
};

export function encodeReadyForQuery(status: TransactionStatus): Buffer {
	return READY[status];
}

/** Messages without a body: constants, not to be written to. */

export const AUTHENTICATION_OK = new MessageWriter(Backend.Authentication).int32(0).finish();
export const AUTHENTICATION_CLEARTEXT = new MessageWriter(Backend.Authentication).int32(3).finish();

export function encodeAuthenticationSasl(mechanisms: readonly string[]): Buffer {
	const writer = new MessageWriter(Backend.Authentication).int32(10);
	for (const mechanism of mechanisms) writer.cString(mechanism);
	return writer.cString("").finish();
}

export function encodeAuthenticationSaslContinue(data: Uint8Array): Buffer {
	return new MessageWriter(Backend.Authentication).int32(11).bytes(data).finish();
}

export function encodeBackendKeyData(processId: number, secret: Uint8Array): Buffer {
	return new MessageWriter(Backend.BackendKeyData).int32(processId).bytes(secret).finish();
}

export function encodeParameterStatus(name: string, value: string): Buffer {
	return new MessageWriter(Backend.ParameterStatus).cString(name).cString(value).finish();
}

/** @param minor the newest minor version of protocol 3 that is spoken; @param unrecognised `_pq_.` options */
export function encodeNegotiateProtocolVersion(minor: number, unrecognised: readonly string[]): Buffer {
	// The whole version number, as servers send it and clients expect it.
	const writer = new MessageWriter(Backend.NegotiateProtocolVersion).int32((3 << 16) | minor);
	writer.int32(unrecognised.length);
	for (const name of unrecognised) writer.cString(name);
	return writer.finish();
}

export function encodeCommandComplete(tag: string): Buffer {
	return new MessageWriter(Backend.CommandComplete).cString(tag).finish();
}

export function encodeRowDescription(fields: readonly RowField[]): Buffer {
	const writer = new MessageWriter(Backend.RowDescription).uint16(fields.length);
	for (const field of fields) {
		writer.cString(field.name).int32(field.tableOid).uint16(field.column).int32(field.typeOid);
		writer.uint16(field.typeSize).int32(field.modifier).uint16(field.format);
	}
	return writer.finish();
}

export function encodeDataRow(values: readonly (Uint8Array | null)[]): Buffer {
	const writer = new MessageWriter(Backend.DataRow).uint16(values.length);
	for (const value of values) writer.value(value);
	return writer.finish();
}
