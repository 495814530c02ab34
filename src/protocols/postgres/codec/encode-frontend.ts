import { Frontend } from "./types.ts";
import { MessageWriter } from "./writer.ts";

/** Encoders of what the gateway sends to a server. Each returns one whole message. */

export function encodeQuery(text: string): Buffer {
	return new MessageWriter(Frontend.Query).cString(text).finish();
}

export function encodeParse(name: string, text: string, parameterTypes: readonly number[] = []): Buffer {
	const writer = new MessageWriter(Frontend.Parse).cString(name).cString(text).uint16(parameterTypes.length);
	for (const type of parameterTypes) writer.int32(type);
	return writer.finish();
}

export interface BindArguments {
	readonly portal: string;
	readonly statement: string;
	readonly parameterFormats?: readonly number[];
	readonly values?: readonly (Uint8Array | null)[];
	readonly resultFormats?: readonly number[];
}

export function encodeBind(bind: BindArguments): Buffer {
	const { parameterFormats = [], values = [], resultFormats = [] } = bind;
	const writer = new MessageWriter(Frontend.Bind).cString(bind.portal).cString(bind.statement);
	writer.uint16(parameterFormats.length);
	for (const format of parameterFormats) writer.uint16(format);
	writer.uint16(values.length);
	for (const value of values) writer.value(value);
	writer.uint16(resultFormats.length);
	for (const format of resultFormats) writer.uint16(format);
	return writer.finish();
}

export function encodeDescribe(target: "statement" | "portal", name: string): Buffer {
	return new MessageWriter(Frontend.Describe).uint8(targetByte(target)).cString(name).finish();
}

export function encodeClose(target: "statement" | "portal", name: string): Buffer {
	return new MessageWriter(Frontend.Close).uint8(targetByte(target)).cString(name).finish();
}

/** @param maxRows 0: all */
export function encodeExecute(portal: string, maxRows = 0): Buffer {
	return new MessageWriter(Frontend.Execute).cString(portal).int32(maxRows).finish();
}

export function encodeCopyFail(reason: string): Buffer {
	return new MessageWriter(Frontend.CopyFail).cString(reason).finish();
}

/** PasswordMessage: a password in the clear, or md5's digest. */
export function encodePassword(password: string): Buffer {
	return new MessageWriter(Frontend.Password).cString(password).finish();
}

export function encodeSaslInitialResponse(mechanism: string, data: Buffer): Buffer {
	return new MessageWriter(Frontend.Password).cString(mechanism).value(data).finish();
}

export function encodeSaslResponse(data: Buffer): Buffer {
	return new MessageWriter(Frontend.Password).bytes(data).finish();
}

/** Messages without a body: constants, not to be written to. */
export const SYNC = new MessageWriter(Frontend.Sync).finish();
export const FLUSH = new MessageWriter(Frontend.Flush).finish();
export const TERMINATE = new MessageWriter(Frontend.Terminate).finish();
export const COPY_DONE = new MessageWriter(Frontend.CopyDone).finish();

function targetByte(target: "statement" | "portal"): number {
	return target === "statement" ? 0x53 : 0x50;
}
