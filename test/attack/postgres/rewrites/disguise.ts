/**
 * Writes a statement otherwise without changing what it is to the server: other letters, blanks, comments, quotes. It
 * has a scanner of its own, which knows as much of SQL as the statements of this directory need.
 */
export function disguise(text: string, random: () => number): string {
	const tokens = tokensOf(text);
	const chance = (share: number) => random() < share;
	const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
	const strength = pick([0, 0.15, 0.4, 0.8]);
	const gap = (needed: boolean) =>
		chance(strength) ? pick(GAPS) : needed ? pick([" ", " ", "\n", "\t"]) : "";
	let written = chance(strength) ? pick(GAPS) : "";
	let last: Token | null = null;
	for (const token of tokens) {
		const apart = last !== null && token.spaced;
		// A quoted name or a string must not run into what stands before it.
		if (last !== null && !GLUED.has(last.text) && !GLUED.has(token.text)) written += gap(apart);
		else if (apart) written += " ";
		written += chance(strength) ? otherwise(token, pick, chance) : token.text;
		last = token;
	}
	return chance(strength) ? written + pick(ENDS) : written;
}

const GAPS = [
	...["/**/", " /* SELECT 1 */ ", "\n", "\r\n", "\t \f", " -- DROP\n", " /* /* nested */ ' \" $$ ; */ "],
	...[" --'\r\n", "/*--*/", " /*;*/\n"],
];
const ENDS = [";", " ;;", " -- '", "\n/* end */", ";\n\t; "];
/** Nothing stands between these and their neighbours. */
const GLUED = new Set([".", "::", ":", "@", "(", ")", "[", "]", ",", "*", "="]);

/** Names of the world's that may be written with quotes; what else is a word may be a key word. */
const NAMES = new Set([
	...[
		"vault",
		"secrets",
		"secret",
		"ledger",
		"looks",
		"deep_looks",
		"kin",
		"family",
		"branch",
		"peek",
		"peeks",
	],
	...[
		"wipe",
		"wipe_late",
		"mine",
		"note",
		"open_ledger",
		"behind",
		"act",
		"tripwire",
		"ruled",
		"public",
		"postgres",
	],
	...[
		"peek_late",
		"peek_path",
		"peek_at",
		"peek_by",
		"wiped",
		"tally",
		"prying",
		"spans",
		"masters",
		"guarded",
	],
]);

interface Token {
	readonly text: string;
	readonly kind: "word" | "string" | "other";
	/** Blanks stood before it. */
	readonly spaced: boolean;
}

const TOKEN =
	/(\s*)((\$\w*\$)[\s\S]*?\3|'(?:[^']|'')*'|"[^"]*"|[A-Za-z_][\w$]*|\d+(?:\.\d+)?|::|[<>~@=!|+*/-]+|[\s\S])/g;

function tokensOf(text: string): Token[] {
	return [...text.matchAll(TOKEN)].map(([, blanks = "", token = ""]) => ({
		text: token,
		kind: /^[A-Za-z_]/.test(token) ? "word" : token.startsWith("'") ? "string" : "other",
		spaced: blanks !== "",
	}));
}

type Pick = <T>(from: readonly T[]) => T;

function otherwise({ text, kind }: Token, pick: Pick, chance: (share: number) => boolean): string {
	if (kind === "string") return string(text, pick);
	if (kind !== "word" || text.includes("@")) return text;
	if (NAMES.has(text) && chance(0.6)) return pick([quoted, escaped, escapedBy])(text);
	return [...text].map((letter) => (chance(0.5) ? letter.toUpperCase() : letter.toLowerCase())).join("");
}

const quoted = (name: string): string => `"${name}"`;
const hex = (letter: string): string => letter.charCodeAt(0).toString(16).padStart(4, "0");
const escaped = (name: string): string => `U&"\\${hex(name[0] ?? "")}${name.slice(1)}"`;
const escapedBy = (name: string): string =>
	`u&"${name.slice(0, -1)}!+00${hex(name.at(-1) ?? "")}" UESCAPE '!'`;

/** Another way to write a string of plain letters; texts of other characters stay as they are. */
function string(text: string, pick: Pick): string {
	if (!/^'[A-Za-z ]+'$/.test(text)) return text;
	const inner = text.slice(1, -1);
	const first = inner.charCodeAt(0);
	return pick([
		`E'\\x${first.toString(16)}${inner.slice(1)}'`,
		`e'\\u${hex(inner)}${inner.slice(1)}'`,
		`U&'\\${hex(inner)}${inner.slice(1)}'`,
		`'${inner.slice(0, 1)}'\n'${inner.slice(1)}'`,
	]);
}
