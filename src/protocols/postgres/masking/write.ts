import {
	type ColumnMask,
	NO_ROOM,
	NOT_ASCII,
	UNTOUCHED,
	writeDetected,
	writePartial,
} from "../../../masking/index.ts";
import { BINARY_FORMAT } from "../codec/index.ts";
import type { Shape } from "./types.ts";

/**
 * Writes what a value of at most `SHORT` bytes, `from[start, end)`, becomes to `to[at]`, where there is room for
 * `WRITE_ROOM` bytes more than it has. It gives what `MaskValue` does, without a buffer of its own.
 * @returns how many bytes it wrote, `UNCHANGED`, or `UNWRITTEN`: then `MaskValue` has to be asked
 */
export type WriteValue = (from: Buffer, start: number, end: number, to: Buffer, at: number) => number;

export const SHORT = 4_096;
export const WRITE_ROOM = 32;
export const UNCHANGED = -1;
export const UNWRITTEN = -2;

/** Null where a value can only be had from `MaskValue`. */
export function writerOf(shape: Shape, format: number, mask: ColumnMask, key: Buffer): WriteValue | null {
	if (!isPlainText(shape, format)) return null;
	const { longest = Number.POSITIVE_INFINITY } = shape;
	const { detect } = mask;
	if (detect !== null)
		return (from, start, end, to, at) => {
			const most = Math.min(longest, end - start + WRITE_ROOM);
			const written = writeDetected(mask, detect, from, start, end, to, at, most, key);
			return written === UNTOUCHED ? UNCHANGED : written === NO_ROOM ? UNWRITTEN : written;
		};
	if (mask.transform !== "partial") return null;
	return (from, start, end, to, at) => {
		const written = writePartial(mask, from, start, end, to, at);
		return written === NOT_ASCII || written > longest ? UNWRITTEN : written;
	};
}

/** Of a COPY's expression the type isn't known, and need not be: text takes any. */
export function isPlainText(shape: Shape, format: number): shape is Extract<Shape, { of: "scalar" }> {
	return shape.of === "scalar" && (shape.kind === "text" || (shape.oid === 0 && format !== BINARY_FORMAT));
}
