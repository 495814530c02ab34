import { BodyReader } from "./body.ts";
import { BINARY_FORMAT } from "./types.ts";

/**
 * Decoders of what a client sends. Each takes the whole message as `buffer[start, end)` (as MessageReader gives it),
 * checks that every byte is accounted for, and throws ProtocolError otherwise. Byte values stay ranges of `buffer`.
 */

const HEADER = 5;

export interface ParseMessage {
	/** Empty for the unnamed statement. */
	readonly name: string;
	readonly text: string;
	/** OIDs; 0 where the client leaves the type to the server. */
	readonly parameterTypes: readonly number[];
}

export interface TargetMessage {
	readonly target: "statement" | "portal";
	readonly name: string;
}

export interface ExecuteMessage {
	readonly portal: string;
	/** 0: all rows. The server takes a negative number for all rows too, and so it reads as 0 here. */
	readonly maxRows: number;
}

/** @returns the mechanism that the client chose, and what it begins with: null when it waits for the server to begin */
export function decodeSaslInitialResponse(
	buffer: Buffer,
	start: number,
	end: number,
): { readonly mechanism: string; readonly data: Buffer | null } {
	const body = new BodyReader(buffer, start + HEADER, end, "SASLInitialResponse");
	const mechanism = body.string();
	const length = body.int32();
	if (length < -1) throw body.malformed(`a response of ${length} bytes`);
	const data = length === -1 ? null : body.bytes(length);
	body.finish();
	return { mechanism, data };
}

export function decodeSaslResponse(buffer: Buffer, start: number, end: number): Buffer {
	const body = new BodyReader(buffer, start + HEADER, end, "SASLResponse");
	return body.bytes(body.left);
}

/** What Bind and the fast path have in common. */
export interface ParameterValues {
	readonly parameterCount: number;
	/** The format code of one of them. */
	formatOf(index: number): number;
	/** One value as a range of the message, null for NULL. */
	value(index: number): Buffer | null;
}

/** A Bind message. Parameter values are offsets into `buffer`: nothing is cut out until it is asked for. */
export class BindMessage implements ParameterValues {
	readonly portal: string;
	readonly statement: string;
	readonly buffer: Buffer;
	/** As sent: none (all text), one for all, or one for each parameter. */
	readonly parameterFormats: readonly number[];
	/** As sent: none (all text), one for all, or one for each column. */
	readonly resultFormats: readonly number[];
	/** Offset of each value in `buffer`. */
	readonly valueStarts: readonly number[];
	/** Length of each value in bytes; -1 for NULL. */
	readonly valueLengths: readonly number[];

	constructor(buffer: Buffer, start: number, end: number) {
		const body = new BodyReader(buffer, start + HEADER, end, "Bind");
		this.buffer = buffer;
		this.portal = body.string();
		this.statement = body.string();
		this.parameterFormats = formatCodes(body);
		const starts: number[] = [];
		const lengths: number[] = [];
		for (let left = body.uint16(); left > 0; left--) {
			const length = body.int32();
			if (length < -1) throw body.malformed(`a parameter of ${length} bytes`);
			lengths.push(length);
			starts.push(length === -1 ? body.offset : body.skip(length));
		}
		this.valueStarts = starts;
		this.valueLengths = lengths;
		this.resultFormats = formatCodes(body);
		body.finish();
		const formats = this.parameterFormats.length;
		if (formats > 1 && formats !== lengths.length) {
			throw body.malformed(`${formats} parameter formats but ${lengths.length} parameters`);
		}
	}

	get parameterCount(): number {
		return this.valueLengths.length;
	}

	/** The format code of one parameter. */
	formatOf(index: number): number {
		return formatAt(this.parameterFormats, index);
	}

	/** One value as a range of the message, null for NULL. */
	value(index: number): Buffer | null {
		const length = this.valueLengths[index];
		const start = this.valueStarts[index];
		if (length === undefined || start === undefined) throw new RangeError(`no parameter ${index}`);
		return length === -1 ? null : this.buffer.subarray(start, start + length);
	}
}

/** The format code that a list as in Bind gives to one place: none is text, one is for all. */
export function formatAt(codes: readonly number[], index: number): number {
	return codes.length === 1 ? (codes[0] as number) : (codes[index] ?? 0);
}

/** What nearly every Bind holds; shared, so that it costs nothing. */
const NO_CODES: readonly number[] = [];
const ONE_CODE: readonly (readonly number[])[] = [[0], [1]];

function formatCodes(body: BodyReader): readonly number[] {
	const count = body.uint16();
	if (count === 0) return NO_CODES;
	if (count === 1) return ONE_CODE[formatCode(body)] ?? NO_CODES;
	const codes: number[] = [];
	for (let left = count; left > 0; left--) codes.push(formatCode(body));
	return codes;
}

function formatCode(body: BodyReader): number {
	const code = body.uint16();
	if (code > BINARY_FORMAT) throw body.malformed(`unsupported format code ${code}`);
	return code;
}

/** @returns the statement text of a simple query */
export function decodeQuery(buffer: Buffer, start: number, end: number): string {
	const body = new BodyReader(buffer, start + HEADER, end, "Query");
	const text = body.string();
	body.finish();
	return text;
}

export function decodeParse(buffer: Buffer, start: number, end: number): ParseMessage {
	const body = new BodyReader(buffer, start + HEADER, end, "Parse");
	const name = body.string();
	const text = body.string();
	const parameterTypes: number[] = [];
	for (let left = body.uint16(); left > 0; left--) parameterTypes.push(body.uint32());
	body.finish();
	return { name, text, parameterTypes };
}

export function decodeBind(buffer: Buffer, start: number, end: number): BindMessage {
	return new BindMessage(buffer, start, end);
}

export function decodeDescribe(buffer: Buffer, start: number, end: number): TargetMessage {
	return decodeTarget(buffer, start, end, "Describe");
}

export function decodeClose(buffer: Buffer, start: number, end: number): TargetMessage {
	return decodeTarget(buffer, start, end, "Close");
}

export function decodeExecute(buffer: Buffer, start: number, end: number): ExecuteMessage {
	const body = new BodyReader(buffer, start + HEADER, end, "Execute");
	const portal = body.string();
	const maxRows = Math.max(0, body.int32());
	body.finish();
	return { portal, maxRows };
}

/** @returns why the client gives the COPY up */
export function decodeCopyFail(buffer: Buffer, start: number, end: number): string {
	const body = new BodyReader(buffer, start + HEADER, end, "CopyFail");
	const reason = body.string();
	body.finish();
	return reason;
}

/** A PasswordMessage: the bytes of a password (here: of a token), without the terminator, as text. */
export function decodePassword(buffer: Buffer, start: number, end: number): string {
	const body = new BodyReader(buffer, start + HEADER, end, "Password");
	const password = body.string();
	body.finish();
	return password;
}

/** The fast path: a function by its OID, and its arguments as Bind has parameters. */
export interface FunctionCallMessage extends ParameterValues {
	readonly functionOid: number;
	readonly resultFormat: number;
	/** How many argument formats were sent: none (all text), one for all, or one for each. */
	readonly formatCount: number;
	/** Everything behind the OID, as sent. */
	readonly argumentBytes: Buffer;
}

export function decodeFunctionCall(buffer: Buffer, start: number, end: number): FunctionCallMessage {
	const body = new BodyReader(buffer, start + HEADER, end, "FunctionCall");
	const functionOid = body.uint32();
	const argumentBytes = buffer.subarray(body.offset, end);
	const formats = formatCodes(body);
	const values: (Buffer | null)[] = [];
	for (let left = body.uint16(); left > 0; left--) {
		const length = body.int32();
		if (length < -1) throw body.malformed(`an argument of ${length} bytes`);
		values.push(length === -1 ? null : body.bytes(length));
	}
	const resultFormat = formatCode(body);
	body.finish();
	return {
		functionOid,
		resultFormat,
		argumentBytes,
		formatCount: formats.length,
		parameterCount: values.length,
		formatOf: (index) => formatAt(formats, index),
		value: (index) => values[index] ?? null,
	};
}

/** Sync, Flush, Terminate, CopyDone: messages that must have no body. */
export function checkEmpty(buffer: Buffer, start: number, end: number, what: string): void {
	new BodyReader(buffer, start + HEADER, end, what).finish();
}

function decodeTarget(buffer: Buffer, start: number, end: number, what: string): TargetMessage {
	const body = new BodyReader(buffer, start + HEADER, end, what);
	const kind = body.uint8();
	if (kind !== 0x53 && kind !== 0x50) throw body.malformed(`unknown target ${kind}`);
	const name = body.string();
	body.finish();
	return { target: kind === 0x53 ? "statement" : "portal", name };
}
