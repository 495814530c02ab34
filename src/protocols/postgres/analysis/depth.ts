/**
 * Levels of a tree's JSON that are followed: an operator's operand is two levels down, a subquery five. The analysis
 * is recursive; this is well within the main thread's stack, and no statement that people or programs write gets there.
 */
export const MAX_LEVELS = 1_000;

/** True when the tree has more levels than that. Keeps a stack of its own, so that no tree can exhaust ours. */
export function isTooDeep(tree: unknown): boolean {
	const waiting: [value: object, level: number][] = [];
	if (typeof tree === "object" && tree !== null) waiting.push([tree, 1]);
	for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
		const [value, level] = next;
		if (level > MAX_LEVELS) return true;
		for (const key in value) {
			const inner = (value as Record<string, unknown>)[key];
			if (typeof inner === "object" && inner !== null) waiting.push([inner, level + 1]);
		}
	}
	return false;
}
