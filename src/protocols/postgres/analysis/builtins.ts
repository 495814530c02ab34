import type { CatalogFunction } from "../catalog/index.ts";
import { type BuiltinFunction, builtin, contributed, isPure } from "../catalog/index.ts";
import type { Env } from "./environment.ts";
import { isPolymorphic } from "./function-results.ts";
import { isUsers, lookUpRelation } from "./names.ts";
import { changesMeaning, onlyPresents } from "./settings.ts";
import type { Value } from "./value.ts";

/** To set such a setting by a function is no more than to SET it. */
const SETTING = ["session"] as const;

/** What the reviewed tables say of one of the server's own functions. */
export function reviewOfBuiltin(called: CatalogFunction, env: Env): BuiltinFunction | undefined {
	return builtin(Math.trunc(env.context.catalog.serverVersion / 10_000), called.name);
}

/**
 * What they say of any other that is no text: one in C of a well-known extension, another name for a piece of the
 * server's own code, an aggregate made of such as only compute.
 */
export function reviewOf(called: CatalogFunction, env: Env): BuiltinFunction | undefined {
	const { catalog } = env.context;
	const { native, kind, support } = called;
	if (kind === "aggregate") {
		const parts = support.map((oid) => catalog.functionByOid(oid));
		const known = parts.map((part) =>
			part === undefined || isOpen(part) ? undefined : reviewOfPart(part, env),
		);
		return known.length > 0 && known.every(isPure) ? known[0] : undefined;
	}
	if (native === null) return undefined;
	if (native.library !== null) return contributed(native);
	const known = catalog.builtinsOf(native.symbol).map((each) => reviewOfBuiltin(each, env));
	return known.length > 0 && known.every(isPure) ? known[0] : undefined;
}

/** Its types are told by its arguments': the state may be of one whose making runs a domain's checks. */
function isOpen({ argumentTypes, returnType }: CatalogFunction): boolean {
	return [...argumentTypes, returnType].some((type) => type === ANY || isPolymorphic(type));
}

const ANY = 2276;

function reviewOfPart(part: CatalogFunction, env: Env): BuiltinFunction | undefined {
	if (part.kind === "aggregate") return undefined;
	return isUsers(part.oid) ? reviewOf(part, env) : reviewOfBuiltin(part, env);
}

/**
 * A function runs of which the reviewed tables know what it does; a missing line is opaque. True when its result may
 * hold anybody's texts or values, so that any mask has to be taken to reach it.
 */
export function reviewedCalled(
	called: CatalogFunction,
	reviewed: BuiltinFunction | undefined,
	values: readonly Value[],
	env: Env,
): boolean {
	const { findings } = env;
	if (reviewed === undefined) {
		findings.opaque(`the built-in function ${called.name} is not in the reviewed table`);
		return true;
	}
	// A setting's name that is written out says whether any other name depends on it, and what the call amounts to.
	const setting = reviewed.changesSettings ? values[0]?.literal?.toLowerCase() : undefined;
	const harmless = setting !== undefined && onlyPresents(setting);
	const effects = harmless ? SETTING : reviewed.effects;
	findings.effect(...effects);
	if (reviewed.opaque !== null) findings.opaque(`the function ${called.name}: ${reviewed.opaque}`);
	if (reviewed.changesSettings && (setting === undefined || changesMeaning(setting))) {
		findings.change({ settings: true });
		findings.moving = true;
	}
	// How many rows come back tells of the arguments.
	if (called.returnsSet) for (const value of values) findings.use(value, "predicate");
	const sequence = isUsers(called.oid) ? undefined : SEQUENCES[called.name];
	if (sequence !== undefined) sequenceNamed(values[0], sequence, env);
	const acts = reviewed.opaque !== null || effects.some((effect) => effect !== "read");
	if (acts) for (const value of values) findings.use(value, "assignment", { stored: true });
	return reviewed.opaque !== null || reviewed.statistics;
}

/** Functions that take a sequence by its name, and what they do to it. */
const SEQUENCES: Readonly<Record<string, string>> = {
	nextval: "update",
	setval: "update",
	currval: "select",
};

/** A sequence whose name is written out is named as any relation; it is looked up as the server's regclass does. */
function sequenceNamed(value: Value | undefined, access: string, env: Env): void {
	const written = value?.literal;
	if (written === undefined) return;
	const names = /^\s*(?:("(?:[^"]|"")*"|[^".\s]+)\s*\.\s*)?("(?:[^"]|"")*"|[^".\s]+)\s*$/.exec(written);
	const [, schema, name] = names ?? [];
	const relation =
		name === undefined ? undefined : lookUpRelation(schema && unquoted(schema), unquoted(name), env);
	if (relation !== undefined) env.findings.relation(relation, access);
}

const unquoted = (name: string): string =>
	name.startsWith('"')
		? name.slice(1, -1).replaceAll('""', '"')
		: name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
