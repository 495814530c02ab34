import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** The node types that a grammar's build can print: their names stand in its code as they do in its JSON. */
export function nodeNames(major: number): string[] {
	const wasm = readFileSync(require.resolve(`libpg-query-${major}/wasm/libpg-query.wasm`), "latin1");
	return [...new Set([...wasm.matchAll(/[{[,\0]"([A-Z]\w*)":[{[]/g)].map((match) => match[1] ?? ""))].sort();
}
