import type { ByteReader } from "./leb128.ts";

export const OP = {
	unreachable: 0x00,
	block: 0x02,
	loop: 0x03,
	if: 0x04,
	end: 0x0b,
	call: 0x10,
	localGet: 0x20,
	localSet: 0x21,
	localTee: 0x22,
	globalGet: 0x23,
	globalSet: 0x24,
	i32Const: 0x41,
	i32Eqz: 0x45,
	i32Ne: 0x47,
	i32LtS: 0x48,
	i32Sub: 0x6b,
	i32And: 0x71,
} as const;

export const I32 = 0x7f;
export const VOID_BLOCK = 0x40;

/** What follows an opcode. */
type Immediate =
	| "none"
	| "block"
	| "index"
	| "two"
	| "table"
	| "i32"
	| "i64"
	| "f32"
	| "f64"
	| "byte"
	| "types";

const IMMEDIATES: (Immediate | undefined)[] = [];
function declare(from: number, to: number, immediate: Immediate): void {
	for (let opcode = from; opcode <= to; opcode++) IMMEDIATES[opcode] = immediate;
}
declare(0x00, 0x01, "none"); // unreachable, nop
declare(0x02, 0x04, "block"); // block, loop, if
declare(0x05, 0x05, "none"); // else
declare(0x0b, 0x0b, "none"); // end
declare(0x0c, 0x0d, "index"); // br, br_if
declare(0x0e, 0x0e, "table"); // br_table
declare(0x0f, 0x0f, "none"); // return
declare(0x10, 0x10, "index"); // call
declare(0x11, 0x11, "two"); // call_indirect: type and table
declare(0x1a, 0x1b, "none"); // drop, select
declare(0x1c, 0x1c, "types"); // select with types
declare(0x20, 0x26, "index"); // local, global and table access
declare(0x28, 0x3e, "two"); // loads and stores: alignment and offset
declare(0x3f, 0x40, "byte"); // memory.size, memory.grow
declare(0x41, 0x41, "i32");
declare(0x42, 0x42, "i64");
declare(0x43, 0x43, "f32");
declare(0x44, 0x44, "f64");
declare(0x45, 0xc4, "none"); // numeric, with sign extension

/** Those behind the prefix 0xfc: saturating conversions, bulk memory and tables. */
const PREFIXED: readonly Immediate[] = [
	...Array<Immediate>(8).fill("none"),
	"two", // memory.init
	"index", // data.drop
	"two", // memory.copy
	"index", // memory.fill
	"two", // table.init
	"index", // elem.drop
	"two", // table.copy
	"index", // table.grow
	"index", // table.size
	"index", // table.fill
];

/**
 * Moves the reader past what follows `opcode`. Knows the first version of WebAssembly, sign extension, saturating
 * conversions, bulk memory and reference tables; throws on anything else (SIMD, threads, exceptions, tail calls),
 * since an instruction that is not understood can't be proven to be counted.
 */
export function skipImmediate(reader: ByteReader, opcode: number): void {
	let immediate: Immediate | undefined;
	if (opcode === 0xfc) immediate = PREFIXED[reader.unsigned()];
	else immediate = IMMEDIATES[opcode];
	switch (immediate) {
		case "none":
			break;
		case "byte":
			reader.skip(1);
			break;
		case "index":
		case "i32":
			reader.skipNumber(32);
			break;
		case "i64":
		case "block": // a type's byte, or the index of a type as a 33 bit number
			reader.skipNumber(64);
			break;
		case "two":
			reader.skipNumber(32);
			reader.skipNumber(32);
			break;
		case "f32":
			reader.skip(4);
			break;
		case "f64":
			reader.skip(8);
			break;
		case "types":
			reader.skip(reader.unsigned());
			break;
		case "table": // the targets and the default
			for (let left = reader.unsigned(); left >= 0; left--) reader.skipNumber(32);
			break;
		case undefined:
			throw new RangeError(`unknown instruction 0x${opcode.toString(16)}`);
	}
}
