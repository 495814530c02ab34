import { createHash } from "node:crypto";

/**
 * A stand-in for libpg_query's fingerprint, for the few texts of an older grammar that the one build which has
 * fingerprints does not read: the hash of the tree without places and constants. `json` is the tree's own text.
 */
export function structuralFingerprint(json: string): string {
	const shape = JSON.stringify(JSON.parse(json), (key, value) =>
		key === "A_Const" || key === "location" || key === "stmt_location" || key === "stmt_len"
			? undefined
			: value,
	);
	return createHash("sha256").update(shape).digest("hex").slice(0, 16);
}

/** The deepest nesting of `{` and `[` in JSON's text, strings left out. */
export function jsonDepth(json: string): number {
	let depth = 0;
	let deepest = 0;
	for (let at = 0; at < json.length; at++) {
		const code = json.charCodeAt(at);
		if (code === 34) {
			for (at++; json.charCodeAt(at) !== 34; at++) if (json.charCodeAt(at) === 92) at++;
		} else if (code === 123 || code === 91) {
			depth++;
			if (depth > deepest) deepest = depth;
		} else if (code === 125 || code === 93) depth--;
	}
	return deepest;
}
