import { tokenize } from "../../grammar/index.ts";

interface Token {
	readonly start: number;
	readonly end: number;
	readonly text: string;
}

/**
 * The PL/pgSQL parser of libpg_query has no catalog and takes `x t%ROWTYPE` for a scalar, so that it refuses `x.y := 1`.
 * Here each such type is given a name of its own, which it takes for a row's. Undefined when there are none.
 */
export function markedRowTypes(
	body: string,
): { body: string; types: ReadonlyMap<string, string> } | undefined {
	const tokens: Token[] = [];
	const add = (start: number, end: number) => void tokens.push({ start, end, text: body.slice(start, end) });
	tokenize(body, { comment() {}, quoted: add, word: add, operator: add, other: add });
	const types = new Map<string, string>();
	let marked = "";
	let copied = 0;
	for (const [index, token] of tokens.entries()) {
		if (token.text !== "%" || tokens[index + 1]?.text.toLowerCase() !== "rowtype") continue;
		let first = index - 1;
		while (tokens[first - 1]?.text === "." && first >= 2) first -= 2;
		const from = tokens[first]?.start ?? 0;
		if (from < copied) return undefined;
		const name = `sallyport_row_${types.size}`;
		types.set(name, body.slice(from, token.start).trim());
		marked += `${body.slice(copied, from)}${name} `;
		copied = tokens[index + 1]?.end ?? token.end;
	}
	return types.size === 0 ? undefined : { body: marked + body.slice(copied), types };
}

/** True when every name that was put in stands for a variable's type, and nowhere else. */
export function unmarked(tree: unknown, types: ReadonlyMap<string, string>): boolean {
	const found = new Set<string>();
	let elsewhere = false;
	const look = (value: unknown, key: string): void => {
		if (typeof value === "string") {
			if (key === "typname" && types.has(value)) found.add(value);
			else if (value.toLowerCase().includes("sallyport_row_")) elsewhere = true;
		} else if (typeof value === "object" && value !== null) {
			for (const [inner, each] of Object.entries(value)) look(each, inner);
		}
	};
	look(tree, "");
	return !elsewhere && found.size === types.size;
}
