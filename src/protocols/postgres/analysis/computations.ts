import type { CatalogFunction } from "../catalog/model.ts";
import { baseOf } from "./coercion.ts";
import type { Env } from "./environment.ts";
import { isPolymorphic } from "./function-results.ts";
import { isUsers } from "./names.ts";
import { alwaysBecomes, becomeOne, mayFailToBecome, mayHoldJson } from "./total-casts.ts";
import { isTotal, MAKES_JSONB, SUMS } from "./total-functions.ts";
import { succeeds } from "./total-operators.ts";
import { isPlain, TYPE, type Value } from "./value.ts";

/** Values go into something of which it isn't known that it succeeds for each of them. */
export function computed(values: readonly Value[], env: Env): void {
	for (const value of values) if (value.sources.length > 0) env.findings.use(value, "computed");
}

/** A value is cast to a type, with a length or precision or without. */
export function castComputed(value: Value, target: number, modified: boolean, env: Env): void {
	if (value.sources.length === 0) return;
	const always = alwaysBecomes(value.type, target, env.context.catalog);
	if (!always || (modified && !CUT.has(target))) computed([value], env);
}

/** Types that cut what is too long for them. */
const CUT: ReadonlySet<number> = new Set([TYPE.varchar, 1042]);

/** Values are made to be of one type. */
export function unifiedComputed(values: readonly Value[], env: Env): void {
	if (values.some(hasSources) && !becomeOne(values, env.context.catalog)) computed(values, env);
}

const hasSources = ({ sources }: Value): boolean => sources.length > 0;

/** An operator is applied, by that name; what one of users' runs is looked at where it runs. */
export function operatorComputed(symbol: string, operands: readonly Value[], env: Env): void {
	for (const [index, operand] of operands.entries()) {
		if (!hasSources(operand)) continue;
		if (isEnlarged(operands, index) || !succeeds(symbol, operands, index, env.context.catalog))
			computed([operand], env);
	}
}

/** A call means one of these functions of the server's own. */
export function callComputed(
	candidates: readonly CatalogFunction[],
	values: readonly Value[],
	named: number,
	env: Env,
): void {
	for (const [index, value] of values.entries()) {
		if (!hasSources(value)) continue;
		const meant = likely(candidates, index, value, env);
		const succeeds =
			index < values.length - named &&
			!isEnlarged(values, index) &&
			meant.every((each) => takesAlways(each, index, values, env));
		if (!succeeds) computed([value], env);
	}
}

/** Of several forms those for just that type, where there are such: the server prefers them. */
function likely(
	candidates: readonly CatalogFunction[],
	index: number,
	value: Value,
	env: Env,
): readonly CatalogFunction[] {
	const own = candidates.filter(({ oid, schema }) => !isUsers(oid) && schema === "pg_catalog");
	const base = baseOf(value.type, env.context.catalog);
	const same = own.filter((each) => declaredAt(each, index) === base);
	return same.length > 0 && base !== 0 ? same : own;
}

const declaredAt = ({ argumentTypes }: CatalogFunction, index: number): number =>
	argumentTypes[Math.min(index, argumentTypes.length - 1)] ?? 0;

function takesAlways(called: CatalogFunction, index: number, values: readonly Value[], env: Env): boolean {
	const { catalog } = env.context;
	const value = values[index];
	const declared = declaredAt(called, index);
	if (value === undefined) return false;
	const anything = isPolymorphic(declared) || ANYTHING.has(declared);
	if (!anything) {
		if (value.type === 0) return false;
		// One that no cast leads to isn't meant.
		if (!alwaysBecomes(value.type, declared, catalog)) return !mayFailToBecome(value.type, declared, catalog);
	}
	if (!isTotal(called, index)) return false;
	if (MAKES_JSONB.has(called.name) && mayHoldJson(value, catalog)) return false;
	if (SUMS.has(called.name) && declared === TYPE.numeric && !isPlain(value)) return false;
	if (called.name === "convert_to") return /^utf-?8$/i.test(values[1]?.literal ?? "");
	return called.name !== "to_char" || declared !== TYPE.numeric || isForAnyNumber(values[1]);
}

const ANYTHING: ReadonlySet<number> = new Set([2276, TYPE.record]);

/** Roman numerals and shifted digits are for numbers that aren't too large. */
const isForAnyNumber = (format: Value | undefined): boolean =>
	format?.literal !== undefined && !/v|rn|e/i.test(format.literal);

/** Beside something that may be as large as one likes: how much room is left says how long the value is. */
const isEnlarged = (values: readonly Value[], index: number): boolean =>
	values.some((each, place) => place !== index && each.large === true);
