import {
	isAlias,
	isMap,
	isScalar,
	isSeq,
	LineCounter,
	type Node,
	type ParsedNode,
	parseDocument,
} from "yaml";
import type { ConfigProblem } from "./errors.ts";

/** A value of the file with the place it was written at. Offsets count UTF-16 units from the text's start. */
export type Written =
	| { readonly kind: "scalar"; readonly value: string | number | boolean | null; readonly offset: number }
	| { readonly kind: "list"; readonly items: readonly Written[]; readonly offset: number }
	| { readonly kind: "map"; readonly entries: readonly WrittenEntry[]; readonly offset: number };

export interface WrittenEntry {
	readonly key: string;
	readonly keyOffset: number;
	readonly value: Written;
}

/** More nodes than any honest configuration has: aliases of aliases grow without bound. */
const MAX_NODES = 100_000;

/**
 * Collects problems and knows where an offset is. One a file.
 */
export class ProblemList {
	readonly problems: ConfigProblem[] = [];
	readonly #file: string;
	readonly #lines = new LineCounter();

	constructor(file: string) {
		this.#file = file;
	}

	get lines(): LineCounter {
		return this.#lines;
	}

	add(offset: number, path: string, message: string, remedy: string): void {
		const { line, col } = this.#lines.linePos(offset);
		this.problems.push({
			file: this.#file,
			line: Math.max(line, 1),
			column: Math.max(col, 1),
			path,
			message,
			remedy,
		});
	}
}

/** Reads YAML 1.2 and keeps positions. Undefined when the text isn't YAML at all; the reasons are in `problems`. */
export function readDocument(text: string, problems: ProblemList): Written | undefined {
	const document = parseDocument(text, {
		lineCounter: problems.lines,
		prettyErrors: false,
		uniqueKeys: true,
		version: "1.2",
		schema: "core",
		merge: false,
	});
	for (const error of [...document.errors, ...document.warnings]) {
		problems.add(error.pos[0], "", firstLine(error.message), "Correct the YAML here.");
	}
	if (problems.problems.length > 0) return undefined;
	let nodes = 0;

	const convert = (node: Node | null): Written => {
		nodes += 1;
		if (nodes > MAX_NODES) throw new TooManyNodes();
		const offset = node?.range?.[0] ?? 0;
		if (node === null) return { kind: "scalar", value: null, offset };
		if (isAlias(node)) {
			const target = node.resolve(document);
			return withOffset(convert(target ?? null), offset);
		}
		if (isSeq(node)) return { kind: "list", items: node.items.map((item) => convert(item as Node)), offset };
		if (isMap(node)) {
			const entries = node.items.map((pair) => {
				const key = pair.key as ParsedNode;
				return {
					key: isScalar(key) ? String(key.value) : String(key),
					keyOffset: key.range[0],
					value: pair.value === null ? missing(key.range[1]) : convert(pair.value as Node),
				};
			});
			return { kind: "map", entries, offset };
		}
		const value = isScalar(node) ? node.value : null;
		return { kind: "scalar", value: scalar(value), offset };
	};

	try {
		return convert(document.contents);
	} catch (error) {
		if (!(error instanceof TooManyNodes) && !(error instanceof RangeError)) throw error;
		problems.add(0, "", "The file's aliases unfold without end.", "Write the values out instead of aliases.");
		return undefined;
	}
}

class TooManyNodes extends Error {}

const missing = (offset: number): Written => ({ kind: "scalar", value: null, offset });

const withOffset = (written: Written, offset: number): Written => ({ ...written, offset });

function scalar(value: unknown): string | number | boolean | null {
	if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
	return value === null || value === undefined ? null : String(value);
}

function firstLine(text: string): string {
	return text.split("\n", 1)[0] ?? text;
}
