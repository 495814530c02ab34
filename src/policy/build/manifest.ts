import { together } from "../../lib/index.ts";
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

/**
 * The dependencies of every rule set in a staged tree. The documents come from `opa deps`; it never names builtins,
 * so those come from the plan.
 */
export async function dependencies(
	opa: Opa,
	tree: string,
	plan: Promise<Plan>,
	nondeterministic: ReadonlySet<string>,
): Promise<DependenciesBySet> {
	const depends: Record<string, Record<string, Dependencies>> = {};
	const found = everyRuleSet().map(async ({ package: part, set }) => {
		const rules = `data.sallyport.${part}.${set}`;
		const { base } = await opa.json<{ base?: Ref[] }>(["deps", "--format", "json", "-b", tree, rules]);
		const names = (base ?? []).map((ref) => ref.map((term) => String(term.value)).join("."));
		return { part, set, names };
	});
	const [called, sets] = await together([plan, together(found)]);
	for (const { part, set, names } of sets) {
		depends[`sallyport/${part}`] = {
			...depends[`sallyport/${part}`],
			[set]: {
				input: names.filter((name) => name === "input" || name.startsWith("input.")).sort(),
				data: names.filter((name) => name.startsWith("data.")).sort(),
				nondeterministic: [...calledBuiltins(called, `sallyport/${part}/${set}`)]
					.filter((name) => nondeterministic.has(name))
					.sort(),
			},
		};
	}
	return depends;
}

/** The part of OPA's intermediate representation (`opa build -t plan`) that is read here. */
export interface Plan {
	readonly static: { readonly builtin_funcs?: readonly { readonly name: string }[] };
	readonly plans: { readonly plans: readonly { readonly name: string; readonly blocks: unknown }[] };
	readonly funcs: { readonly funcs: readonly { readonly name: string; readonly blocks: unknown }[] };
}

/** Every builtin that an entrypoint of the plan can call; all of them where it calls what is only known at run time. */
export function calledBuiltins(plan: Plan, entrypoint: string): ReadonlySet<string> {
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
		if (type === "CallDynamicStmt") return builtins;
		if (type === "CallStmt" && stmt?.func !== undefined && !called.has(stmt.func)) {
			called.add(stmt.func);
			pending.push(functions.get(stmt.func));
		}
		pending.push(...Object.values(node));
	}
	return new Set([...called].filter((name) => builtins.has(name)));
}
