/**
 * Whether a path has a pattern's form, by the rules of Go's `filepath.Match`, which OPA reads `exclude_files` by: `*`
 * and `?` stand for anything but a slash, `[a-z]` and `[^a-z]` for one of a class, and `\` takes a character as it
 * is. A pattern that is malformed fits nothing.
 */
export function globMatches(pattern: string, path: string): boolean {
	let source = "";
	for (let at = 0; at < pattern.length; at++) {
		const char = pattern[at] ?? "";
		if (char === "*") source += "[^/]*";
		else if (char === "?") source += "[^/]";
		else if (char === "\\") {
			at++;
			if (at === pattern.length) return false;
			source += literal(pattern[at] ?? "");
		} else if (char === "[") {
			const end = classEnd(pattern, at);
			if (end === undefined) return false;
			source += `(?!/)${classSource(pattern.slice(at + 1, end))}`;
			at = end;
		} else source += literal(char);
	}
	try {
		return new RegExp(`^${source}$`, "su").test(path);
	} catch {
		return false;
	}
}

/** Where the class that opens at `start` closes; a class is not empty, and an escaped bracket doesn't close it. */
function classEnd(pattern: string, start: number): number | undefined {
	const first = start + (pattern[start + 1] === "^" ? 2 : 1);
	for (let at = first; at < pattern.length; at++) {
		if (pattern[at] === "\\") at++;
		else if (pattern[at] === "]") return at === first ? undefined : at;
	}
	return undefined;
}

function classSource(content: string): string {
	const negated = content.startsWith("^");
	const members = (negated ? content.slice(1) : content).replace(
		/\\(.)|([[\]^])/gsu,
		(_all, escaped: string | undefined, plain: string | undefined) => member(escaped ?? plain ?? ""),
	);
	return `[${negated ? "^" : ""}${members}]`;
}

const member = (char: string) => char.replace(/[\\\]^[-]/, "\\$&");
const literal = (char: string) => char.replace(/[$()*+./?[\\\]^{|}]/, "\\$&");
