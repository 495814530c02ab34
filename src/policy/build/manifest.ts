import { together } from "../../lib/index.ts";
import type { SallyportMetadata } from "../bundle/manifest.ts";
import type { Opa } from "./opa.ts";
import { everyRuleSet } from "./rule-sets.ts";

/** What one rule set draws on; the gateway decides by it what can be judged before the parameters are known. */
export interface Dependencies {
	/** `input.a.b` and `data.a.b`: the documents that the rules name. */
	readonly input: readonly string[];
	readonly data: readonly string[];
	/** Builtins that may answer differently for the same input. */
	readonly nondeterministic: readonly string[];
}

/** By package and rule set: `depends["sallyport/command"].deny`. */
export type DependenciesBySet = Readonly<Record<string, Readonly<Record<string, Dependencies>>>>;

type Ref = readonly { readonly value: unknown }[];

/** What is known of the rule sets before they are compiled. */
export interface KnownDependencies {
	/** What the library's own sets depend on; empty where nobody has asked yet. */
	readonly library: NonNullable<SallyportMetadata["depends"]>;
	/** The sets to which the user's rules add: `sallyport/command/deny`. */
	readonly touched: ReadonlySet<string>;
}

/**
 * The dependencies of every rule set in a staged tree. The documents come from `opa deps`; it never names builtins,
 * so those come from the plan. OPA is not asked about a set that is the library's alone, with all that it calls.
 */
export async function dependencies(
	opa: Opa,
	tree: string,
	plan: Plan,
	nondeterministic: ReadonlySet<string>,
	{ library, touched }: KnownDependencies,
): Promise<DependenciesBySet> {
	const found = everyRuleSet().map(async ({ package: part, set }) => {
		const { builtins, rules } = calledFrom(plan, `sallyport/${part}/${set}`);
		const known = library[`sallyport/${part}`]?.[set];
		const isTouched = [...touched].some(
			(each) => each === `sallyport/${part}/${set}` || rules.has(each.replaceAll("/", ".")),
		);
		const { input, data = [] } =
			known !== undefined && !isTouched ? known : await documents(opa, tree, part, set);
		const changing = [...builtins].filter((name) => nondeterministic.has(name)).sort();
		return { part, set, depends: { input, data, nondeterministic: changing } };
	});
	const all: Record<string, Record<string, Dependencies>> = {};
	for (const { part, set, depends } of await together(found)) {
		all[`sallyport/${part}`] = { ...all[`sallyport/${part}`], [set]: depends };
	}
	return all;
}

async function documents(opa: Opa, tree: string, part: string, set: string) {
	const rules = `data.sallyport.${part}.${set}`;
	const { base } = await opa.json<{ base?: Ref[] }>(["deps", "--format", "json", "-b", tree, rules]);
	const names = (base ?? []).map((ref) => ref.map((term) => String(term.value)).join("."));
	return {
		input: names.filter((name) => name === "input" || name.startsWith("input.")).sort(),
		data: names.filter((name) => name.startsWith("data.")).sort(),
	};
}

/** The part of OPA's intermediate representation (`opa build -t plan`) that is read here. */
export interface Plan {
	readonly static: { readonly builtin_funcs?: readonly { readonly name: string }[] };
	readonly plans: { readonly plans: readonly { readonly name: string; readonly blocks: unknown }[] };
	readonly funcs: { readonly funcs: readonly { readonly name: string; readonly blocks: unknown }[] };
}

/**
 * Every rule, by its path below `data`, and builtin that an entrypoint of the plan can call; all of them where it calls
 * what is only known at run time.
 */
function calledFrom(
	plan: Plan,
	entrypoint: string,
): { readonly rules: ReadonlySet<string>; readonly builtins: ReadonlySet<string> } {
	const builtins = new Set((plan.static.builtin_funcs ?? []).map(({ name }) => name));
	const functions = new Map(plan.funcs.funcs.map((func) => [func.name, func.blocks]));
	const start = plan.plans.plans.find(({ name }) => name === entrypoint);
	if (start === undefined) throw new Error(`the plan has no entrypoint ${entrypoint}`);

	const called = new Set<string>();
	const pending: unknown[] = [start.blocks];
	while (pending.length > 0) {
		const node = pending.pop();
		if (typeof node !== "object" || node === null) continue;
		const { type, stmt } = node as { type?: unknown; stmt?: { func?: string } };
		if (type === "CallDynamicStmt") return { rules: pathsOf(functions.keys()), builtins };
		if (type === "CallStmt" && stmt?.func !== undefined && !called.has(stmt.func)) {
			called.add(stmt.func);
			pending.push(functions.get(stmt.func));
		}
		pending.push(...Object.values(node));
	}
	return { rules: pathsOf(called), builtins: new Set([...called].filter((name) => builtins.has(name))) };
}

/** A rule's function is called after its path, with a number before it for each state of the input and data. */
const pathsOf = (names: Iterable<string>): Set<string> =>
	new Set([...names].map((name) => name.replace(/^g\d+\.data\./, "")));
