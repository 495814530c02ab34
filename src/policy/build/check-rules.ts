import type { RuleEntry } from "../bundle/manifest.ts";
import type { Problem } from "./errors.ts";
import type { Opa } from "./opa.ts";
import type { Module, Rule, Term } from "./parse.ts";
import { rulesOf } from "./rule-list.ts";
import { RULE_SETS } from "./rule-sets.ts";
import type { SourceFile } from "./sources.ts";

/**
 * Names that the library defines in each of the three packages, the rule sets among them: a user's rule under one
 * of them would add to the library's own rule. From `opa inspect`, which lists what is annotated; a test holds
 * every rule of the library to an annotation.
 */
export async function libraryNames(
	opa: Opa,
	library: string,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
	const inspected = await opa.json<{ annotations: { path: Term[] }[] }>([
		"inspect",
		"-a",
		"-f",
		"json",
		library,
	]);
	const names = new Map<string, Set<string>>();
	for (const { path } of inspected.annotations) {
		const [, root, part, name] = path.map((term) => String(term.value));
		if (root !== "sallyport" || part === undefined || name === undefined) continue;
		names.set(part, (names.get(part) ?? new Set()).add(name));
	}
	return names;
}

/**
 * What a user's file may not say, with the line of each: OPA itself would take most of it, and the decision would
 * be another than the library's. `root` is the first name of the file's package, `rules` what it adds to the sets.
 */
export function checkRules(
	file: SourceFile,
	module: Module | readonly Problem[],
	names: ReadonlyMap<string, ReadonlySet<string>>,
): CheckedRules {
	if (!("package" in module)) return { problems: module, root: "", rules: [], entrypoints: [] };
	const found: Problem[] = [];
	const report = (line: number, message: string) => found.push({ file: file.shown, line, message });

	for (const annotation of module.annotations ?? []) {
		if (annotation.entrypoint === true) report(annotation.location.row, "only the library has entrypoints");
		if (annotation.schemas !== undefined) {
			report(
				annotation.location.row,
				"only the library names schemas; they hold for its packages' files too",
			);
		}
	}
	const [, root, part, ...deeper] = module.package.path.map((term) => String(term.value));
	const entrypoints = root === "system" && part === "log" ? logEntrypoints(module.rules ?? [], deeper) : [];
	const checked = { problems: found, root: root ?? "", rules: [], entrypoints };
	if (root !== "sallyport") return checked;
	// What a bundle tests itself by before it is activated is its author's.
	if (part === "selftest" && deeper.length === 0) return { ...checked, entrypoints: ["sallyport/selftest"] };
	const sets = part === undefined || deeper.length > 0 ? undefined : RULE_SETS[part];
	if (sets === undefined || part === undefined) {
		report(
			module.package.location.row,
			`package ${["sallyport", part, ...deeper].filter(Boolean).join(".")} belongs to the library; ` +
				"rules are added in sallyport.session, sallyport.command and sallyport.admin, helpers in packages of your own",
		);
		return checked;
	}
	for (const rule of module.rules ?? []) {
		const complaint = ruleComplaint(rule, part, sets, names.get(part) ?? new Set());
		if (complaint !== undefined) report(rule.location.row, complaint);
	}
	return { ...checked, rules: rulesOf(module.rules ?? [], part, file.relative) };
}

export interface CheckedRules {
	readonly problems: readonly Problem[];
	readonly root: string;
	readonly rules: readonly RuleEntry[];
	/** What the gateway asks by its own path: rules of `system.log`, on what a decision log shows, and the self-test. */
	readonly entrypoints: readonly string[];
}

function logEntrypoints(rules: readonly Rule[], deeper: readonly string[]): string[] {
	const asked = rules.filter(({ head }) => head.args === undefined && head.ref.length === 1);
	const names = new Set(asked.map(({ head }) => String(head.ref[0]?.value)));
	return [...names].map((name) => ["system", "log", ...deeper, name].join("/"));
}

function ruleComplaint(
	rule: Rule,
	part: string,
	sets: Readonly<Record<string, readonly string[]>>,
	taken: ReadonlySet<string>,
): string | undefined {
	const { head } = rule;
	const name = String(head.ref[0]?.value);
	const fields = sets[name];
	if (fields === undefined) {
		if (name === "decision") return "`decision` is the library's: it combines what the rule sets hold";
		if (taken.has(name)) return `sallyport.${part}.${name} is the library's; give the helper another name`;
		if (name in (RULE_SETS["command"] ?? {})) {
			return `a decision about ${part === "admin" ? "the control plane" : "a session"} has no ${name}`;
		}
		return undefined;
	}
	const isContains =
		rule.default !== true && head.ref.length === 1 && head.key !== undefined && head.value === undefined;
	if (!isContains || head.args !== undefined)
		return `write \`${name} contains {...} if { ... }\`: nothing else adds to ${name}`;
	return elementComplaint(name, head.key, fields);
}

/** Finds misspelt and missing fields where the element is written out; where it is computed the gateway finds them. */
function elementComplaint(set: string, key: Term | undefined, fields: readonly string[]): string | undefined {
	if (key === undefined || ["var", "ref", "call"].includes(key.type)) return undefined;
	if (key.type !== "object") return `an element of ${set} is an object, such as {"rule": "name"}`;
	const keys = (key.value as [Term, Term][]).map(([field]) => field);
	if (keys.some((field) => field.type !== "string")) return undefined;
	const unknown = keys.find((field) => !fields.includes(String(field.value)));
	if (unknown !== undefined) {
		return `an element of ${set} has no field "${String(unknown.value)}"; it may have ${fields.join(", ")}`;
	}
	if (!keys.some((field) => field.value === "rule")) return `an element of ${set} names its "rule"`;
	return undefined;
}
