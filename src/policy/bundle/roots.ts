import { PolicyError } from "../errors.ts";
import { type ExactJson, isExactObject } from "./json.ts";

/** Whether one of the roots, each a path like `a/b`, is the path or above it. An empty root is above everything. */
export function rootsContain(roots: readonly string[], path: string): boolean {
	return roots.some((root) => root === "" || path === root || path.startsWith(`${root}/`));
}

export function rootsOverlap(a: string, b: string): boolean {
	return rootsContain([a], b) || rootsContain([b], a);
}

/** Throws PolicyError bundle_roots when two of the roots overlap. */
export function checkDistinct(roots: readonly string[]): void {
	for (const [i, a] of roots.entries()) {
		for (const b of roots.slice(i + 1))
			if (rootsOverlap(a, b)) throw outside(`the roots '${a}' and '${b}' overlap`);
	}
}

/** Throws PolicyError bundle_roots when the data holds anything outside the roots. */
export function checkData(roots: readonly string[], data: ExactJson, path = ""): void {
	if (rootsContain(roots, path)) return;
	const leadsToRoot = path === "" || roots.some((root) => root.startsWith(`${path}/`));
	if (!leadsToRoot || !isExactObject(data)) throw outside(`data at '${path}' is outside the roots`);
	for (const [key, value] of Object.entries(data))
		checkData(roots, value, path === "" ? key : `${path}/${key}`);
}

export function outside(operator: string): PolicyError {
	return new PolicyError("bundle_roots", undefined, { operator });
}
