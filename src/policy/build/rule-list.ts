import { readFile } from "node:fs/promises";
import type { RuleEntry } from "../bundle/manifest.ts";
import type { Rule, Term } from "./parse.ts";
import { RULE_SETS } from "./rule-sets.ts";
import { readSources } from "./sources.ts";

/** The rules of a parsed file that add to the sets, as the manifest lists them. @param part `command`, `session` ... */
export function rulesOf(rules: readonly Rule[], part: string, file: string): RuleEntry[] {
	return rules.flatMap(({ head, location }) => {
		const set = String(head.ref[0]?.value);
		if (RULE_SETS[part]?.[set] === undefined) return [];
		return [{ set: `sallyport/${part}/${set}`, rule: nameIn(head.key), file, line: location.row }];
	});
}

/** The `rule` that an element names, where it is written out; in a call (`object.union`) in one of its operands. */
function nameIn(key: Term | undefined): string | null {
	if (key?.type === "call") {
		const names = (key.value as Term[]).map((operand) => nameIn(operand));
		return names.find((name) => name !== null) ?? null;
	}
	if (key?.type !== "object") return null;
	const found = (key.value as [Term, Term][]).find(([field]) => field.value === "rule");
	return found?.[1].type === "string" ? String(found[1].value) : null;
}

const PACKAGE = /^package sallyport\.(\w+)$/m;
const NAME = /"rule": "([^"]+)"/;

/**
 * The same of the shipped library, without asking `opa` for each of its files: they are formatted by `opa fmt`, so that
 * a rule begins its line and its element ends before the body. A test holds this to OPA's own parser.
 */
export async function libraryRules(library: string): Promise<RuleEntry[]> {
	const rules: RuleEntry[] = [];
	for (const file of (await readSources(library)).rego) {
		const text = await readFile(file.shown, "utf8");
		const part = PACKAGE.exec(text)?.[1] ?? "";
		const lines = text.split("\n");
		for (const [index, line] of lines.entries()) {
			const set = /^(\w+) contains /.exec(line)?.[1] ?? "";
			if (RULE_SETS[part]?.[set] === undefined) continue;
			const end = lines.findIndex((each, at) => at >= index && /[})] if\b/.test(each));
			const element = lines
				.slice(index, end + 1)
				.join("\n")
				.replace(/[})] if\b.*$/, "");
			const rule = NAME.exec(element)?.[1] ?? null;
			rules.push({ set: `sallyport/${part}/${set}`, rule, file: file.relative, line: index + 1 });
		}
	}
	return rules;
}
