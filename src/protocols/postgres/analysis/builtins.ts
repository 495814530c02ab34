import type { CatalogFunction } from "../catalog/index.ts";
import { builtin } from "../catalog/index.ts";
import type { Env } from "./environment.ts";
import { lookUpRelation } from "./names.ts";
import { changesMeaning, onlyPresents } from "./settings.ts";
import type { Value } from "./value.ts";

/** To set such a setting by a function is no more than to SET it. */
const SETTING = ["session"] as const;

/**
 * One of the server's own functions runs: its deeds are those of the reviewed table, and a missing line is opaque. True
 * when its result may hold anybody's texts or values, so that any mask has to be taken to reach it.
 */
export function builtinCalled(called: CatalogFunction, values: readonly Value[], env: Env): boolean {
	const { findings } = env;
	const major = Math.trunc(env.context.catalog.serverVersion / 10_000);
	const reviewed = builtin(major, called.name);
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
	const sequence = SEQUENCES[called.name];
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
