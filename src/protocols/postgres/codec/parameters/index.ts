import { isUtf8 } from "node:buffer";
import { TEXT_FORMAT } from "../types.ts";
import { binaryDecoder } from "./binary.ts";

/**
 * A bound parameter in PostgreSQL's text form.
 *
 * A value in text format is that text, as the client wrote it. A binary one is rendered as the server renders it with
 * `DateStyle` ISO, `IntervalStyle` postgres, `bytea_output` hex, `extra_float_digits` 1 and `TimeZone` UTC, for the
 * types that drivers send in binary, and arrays of them.
 *
 * @param typeOid as the server's ParameterDescription says
 * @returns null when the value can't be decoded: an unknown type, bytes that do not fit it, text that is not UTF-8
 */
export function parameterText(typeOid: number, format: number, value: Buffer): string | null {
	if (format === TEXT_FORMAT) return isUtf8(value) ? value.toString("utf8") : null;
	const decode = binaryDecoder(typeOid);
	if (decode === undefined) return null;
	try {
		return decode(value);
	} catch {
		return null; // the decoders read with bounds checks and throw on whatever does not fit
	}
}
