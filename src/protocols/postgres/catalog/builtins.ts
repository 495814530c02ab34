import type { Effect } from "../../../commands/index.ts";
import { NAMES } from "./builtins-names.ts";
import { REVIEWED } from "./builtins-review.ts";

/** What one of the server's own functions does, over and above computing its result. */
export interface BuiltinFunction {
	/** Empty for a plain computation. */
	readonly effects: readonly Effect[];
	/** Why nobody can tell what a call reads or runs; null when one can. */
	readonly opaque: string | null;
	/** Its result holds other sessions' texts, or values out of columns: to be treated as those. */
	readonly statistics: boolean;
	/** It may change settings, role or search path. */
	readonly changesSettings: boolean;
}

const PURE: BuiltinFunction = { effects: [], opaque: null, statistics: false, changesSettings: false };

const table = build();

/**
 * The review of a function of pg_catalog or information_schema that has an OID below 16384: a function that a superuser
 * put there later isn't one, whatever its name. Undefined when nobody has reviewed it, which is to be taken as opaque.
 * `serverMajor`: 14 to 18.
 */
export function builtin(serverMajor: number, name: string): BuiltinFunction | undefined {
	return table.get(serverMajor)?.get(name);
}

function build(): ReadonlyMap<number, ReadonlyMap<string, BuiltinFunction>> {
	const reviewed = new Map<string, BuiltinFunction>();
	for (const { effects, opaque, statistics, changesSettings, names } of REVIEWED) {
		const entry: BuiltinFunction = {
			effects,
			opaque: opaque ?? null,
			statistics: statistics ?? false,
			changesSettings: changesSettings ?? false,
		};
		for (const name of words(names)) reviewed.set(name, entry);
	}
	const byMajor = new Map<number, Map<string, BuiltinFunction>>();
	for (const { majors, names } of NAMES) {
		for (const major of majors) {
			const ofMajor = byMajor.get(major) ?? new Map<string, BuiltinFunction>();
			byMajor.set(major, ofMajor);
			for (const name of words(names)) ofMajor.set(name, reviewed.get(name) ?? PURE);
		}
	}
	return byMajor;
}

function words(text: string): string[] {
	return text.split(/\s+/).filter((word) => word !== "");
}
