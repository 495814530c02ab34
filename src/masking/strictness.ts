import type { TransformName } from "../policy/index.ts";
import type { ColumnMask, Detection, Transform } from "./mask.ts";

/**
 * The strictest first: nothing, a mark, a digest that nobody can turn back, a token that somebody can, a coarser
 * value, a part of the value. A digest and a token say which values are equal; what comes behind says more.
 */
const STRICTNESS: Readonly<Record<TransformName, number>> = {
	null: 0,
	redact: 1,
	hash: 2,
	tokenise: 3,
	generalise: 4,
	partial: 5,
};

const UNITS = ["year", "quarter", "month", "week", "day", "hour", "minute"];

/**
 * Orders two transforms: negative when `a` is the stricter. The order is total, so that the same rules give the same
 * mask in whatever order they come. Of one transform the stricter is: `redact` without `zero`; `hash` without
 * `preserve`; `generalise` to the coarser unit, the larger bucket, the shorter prefix, and of different sorts the
 * one that comes first in the alphabet; `partial` that keeps fewer characters in all, then fewer at the beginning.
 */
export function compareStrictness(a: Transform, b: Transform): number {
	return (
		STRICTNESS[a.transform] - STRICTNESS[b.transform] ||
		a.keep + a.keepFirst - (b.keep + b.keepFirst) ||
		a.keepFirst - b.keepFirst ||
		Number(a.preserve) - Number(b.preserve) ||
		Number(a.zero) - Number(b.zero) ||
		compareGrain(a.to, b.to)
	);
}

/** Coarser is stricter; none, which is left to the type, comes first. */
function compareGrain(a: string | null, b: string | null): number {
	if (a === b) return 0;
	if (a === null || b === null) return a === null ? -1 : 1;
	const units = [UNITS.indexOf(a), UNITS.indexOf(b)] as const;
	if (units[0] >= 0 && units[1] >= 0) return units[0] - units[1];
	if (a.startsWith("/") && b.startsWith("/")) return Number(a.slice(1)) - Number(b.slice(1));
	if (/^\d+$/.test(a) && /^\d+$/.test(b)) return Number(b) - Number(a);
	return a < b ? -1 : 1;
}

/** Of two masks on one column the stricter; what is masked whole is stricter than what is masked at some paths. */
export function stricter(a: ColumnMask | null, b: ColumnMask): ColumnMask {
	if (a === null) return b;
	if (a.detect !== null || b.detect !== null) return detecting(a, b);
	const derived = a.derived || b.derived;
	if (a.within !== null && b.within !== null)
		return { ...a, rule: joined(a.rule, b.rule), derived, within: [...a.within, ...b.within] };
	if (a.within !== null || b.within !== null) return { ...(a.within === null ? a : b), derived };
	const difference = compareStrictness(a, b);
	if (difference !== 0) return { ...(difference < 0 ? a : b), derived };
	return { ...a, rule: joined(a.rule, b.rule), derived };
}

/** A whole mask leaves nothing to be found. Behind paths, and with other detectors, all of them look. */
function detecting(a: ColumnMask, b: ColumnMask): ColumnMask {
	const isWhole = ({ within, detect }: ColumnMask) => within === null && detect === null;
	if (isWhole(a) || isWhole(b)) return isWhole(a) ? a : b;
	const difference = compareStrictness(a, b);
	const how = difference <= 0 ? a : b;
	const within = a.within === null && b.within === null ? null : [...(a.within ?? []), ...(b.within ?? [])];
	return { ...how, rule: joined(a.rule, b.rule), within, detect: both(a.detect, b.detect) };
}

/** Both have the settings of one policy. */
function both(a: Detection | null, b: Detection | null): Detection | null {
	if (a === null || b === null) return a ?? b;
	const wanted = [...new Set([...a.wanted, ...b.wanted])];
	return { wanted, detectors: a.detectors.with(b.wanted), announced: a.announced };
}

function joined(one: string, other: string): string {
	return one.split(", ").includes(other) ? one : `${one}, ${other}`;
}
