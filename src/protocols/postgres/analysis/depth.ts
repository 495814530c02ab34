/**
 * Levels of a tree's JSON that are followed: an operator's operand is two levels down, a subquery five. The analysis
 * is recursive; this is well within the main thread's stack, and no statement that people or programs write gets there.
 */
export const MAX_LEVELS = 1_000;

/**
 * Looks at every node of a tree, level by level, and so with no recursion that a tree could exhaust: `kind` is told the
 * name of each. True when there are more levels than are followed.
 */
export function isTooDeep(tree: unknown, kind: (name: string) => void = () => {}): boolean {
	let level: object[] = typeof tree === "object" && tree !== null ? [tree] : [];
	for (let depth = 1; level.length > 0; depth++) {
		if (depth > MAX_LEVELS) return true;
		const next: object[] = [];
		for (const value of level) {
			if (Array.isArray(value)) {
				for (const inner of value) if (typeof inner === "object" && inner !== null) next.push(inner);
				continue;
			}
			for (const key in value) {
				const inner = (value as Record<string, unknown>)[key];
				if (typeof inner !== "object" || inner === null) continue;
				const first = key.charCodeAt(0);
				if (first >= 65 && first <= 90) kind(key);
				next.push(inner);
			}
		}
		level = next;
	}
	return false;
}
