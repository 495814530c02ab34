import { ByteReader, ByteWriter } from "./leb128.ts";

export const SECTION = {
	custom: 0,
	type: 1,
	import: 2,
	function: 3,
	global: 6,
	export: 7,
	code: 10,
} as const;

export interface Section {
	readonly id: number;
	readonly body: Uint8Array;
}

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

/** Takes a module apart into its sections; throws RangeError when it is not a version 1 module. */
export function readSections(module: Uint8Array): Section[] {
	const reader = new ByteReader(module);
	for (const byte of HEADER) if (reader.byte() !== byte) throw new RangeError("not a WebAssembly module");
	const sections: Section[] = [];
	while (!reader.atEnd) {
		const id = reader.byte();
		const range = reader.range(reader.unsigned());
		sections.push({ id, body: module.subarray(range.offset, range.end) });
	}
	return sections;
}

export function writeSections(sections: readonly Section[]): Uint8Array<ArrayBuffer> {
	const writer = new ByteWriter(1 << 16);
	writer.append(HEADER);
	for (const { id, body } of sections) {
		writer.append([id]);
		writer.unsigned(body.length);
		writer.append(body);
	}
	return writer.bytes();
}

/** How many parameters each function type takes. */
export function readParameterCounts(typeSection: Uint8Array): number[] {
	const reader = new ByteReader(typeSection);
	const counts: number[] = [];
	for (let left = reader.unsigned(); left > 0; left--) {
		if (reader.byte() !== 0x60) throw new RangeError("a type that is not a function's");
		const parameters = reader.unsigned();
		reader.skip(parameters);
		reader.skip(reader.unsigned());
		counts.push(parameters);
	}
	return counts;
}

/** The type of each function that the module itself defines. */
export function readFunctionTypes(functionSection: Uint8Array): number[] {
	const reader = new ByteReader(functionSection);
	const types: number[] = [];
	for (let left = reader.unsigned(); left > 0; left--) types.push(reader.unsigned());
	return types;
}

/** What is imported: it comes first in the index spaces of functions and globals. */
export interface Imports {
	/** Names of functions, by index. */
	readonly functions: readonly string[];
	readonly globals: number;
}

export function readImports(importSection: Uint8Array): Imports {
	const reader = new ByteReader(importSection);
	const functions: string[] = [];
	let globals = 0;
	for (let left = reader.unsigned(); left > 0; left--) {
		reader.name();
		const name = reader.name();
		const kind = reader.byte();
		if (kind === 0) {
			functions.push(name);
			reader.unsigned();
		} else if (kind === 1) {
			reader.byte();
			skipLimits(reader);
		} else if (kind === 2) {
			skipLimits(reader);
		} else if (kind === 3) {
			globals++;
			reader.skip(2);
		} else throw new RangeError(`unknown kind of import ${kind}`);
	}
	return { functions, globals };
}

function skipLimits(reader: ByteReader): void {
	const flags = reader.byte();
	if (flags > 1) throw new RangeError("shared or 64 bit memories are not taken");
	reader.unsigned();
	if (flags === 1) reader.unsigned();
}

/** The names of functions by index, from the custom section `name`; empty when there is none. */
export function readFunctionNames(sections: readonly Section[]): Map<number, string> {
	const names = new Map<number, string>();
	for (const section of sections) {
		if (section.id !== SECTION.custom) continue;
		const reader = new ByteReader(section.body);
		if (reader.name() !== "name") continue;
		while (!reader.atEnd) {
			const kind = reader.byte();
			const range = reader.range(reader.unsigned());
			if (kind !== 1) continue;
			for (let left = range.unsigned(); left > 0; left--) names.set(range.unsigned(), range.name());
		}
	}
	return names;
}
