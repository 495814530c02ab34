import type { Effect } from "../../../commands/index.ts";
import { NAMES } from "./builtins-names.ts";
import { REVIEWED, type ReviewedGroup } from "./builtins-review.ts";
import { CONTRIB } from "./contrib-review.ts";
import type { CatalogFunction } from "./model.ts";

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
const libraries = buildLibraries();

/**
 * The review of a function of pg_catalog or information_schema that has an OID below 16384: a function that a superuser
 * put there later isn't one, whatever its name. Undefined when nobody has reviewed it, which is to be taken as opaque.
 * `serverMajor`: 14 to 18.
 */
export function builtin(serverMajor: number, name: string): BuiltinFunction | undefined {
	return table.get(serverMajor)?.get(name);
}

/** The review of a function of an extension's, which is in C; undefined for any that nobody has reviewed. */
export function contributed(native: CatalogFunction["native"]): BuiltinFunction | undefined {
	return native?.library == null ? undefined : libraries.get(`${native.library} ${native.symbol}`);
}

/** True of one that does nothing but compute its result out of its arguments. */
export function isPure(reviewed: BuiltinFunction | undefined): boolean {
	return reviewed?.effects.length === 0 && reviewed.opaque === null && !reviewed.statistics;
}

function buildLibraries(): ReadonlyMap<string, BuiltinFunction> {
	const reviewed = new Map<string, BuiltinFunction>();
	for (const group of CONTRIB)
		for (const symbol of words(group.names))
			reviewed.set(`$libdir/${group.library} ${symbol}`, entryOf(group));
	return reviewed;
}

function entryOf({
	effects,
	opaque,
	statistics,
	changesSettings,
}: Omit<ReviewedGroup, "names">): BuiltinFunction {
	return {
		effects,
		opaque: opaque ?? null,
		statistics: statistics ?? false,
		changesSettings: changesSettings ?? false,
	};
}

function build(): ReadonlyMap<number, ReadonlyMap<string, BuiltinFunction>> {
	const reviewed = new Map<string, BuiltinFunction>();
	for (const group of REVIEWED) {
		const entry = entryOf(group);
		for (const name of words(group.names)) reviewed.set(name, entry);
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
