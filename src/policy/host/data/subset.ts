import type { BuiltinGroup, EvaluationContext } from "../builtin.ts";
import { equal, identity, RegoObject, RegoSet, type RegoValue } from "../values.ts";

function isSubset(whole: RegoValue, part: RegoValue, context: EvaluationContext): boolean | undefined {
	if (whole instanceof RegoObject && part instanceof RegoObject) {
		return part.entries.every(([key, value]) => {
			const present = whole.get(key);
			if (present === undefined) return false;
			return (
				equal(present, value) || (sameKind(present, value) && isSubset(present, value, context) === true)
			);
		});
	}
	if (whole instanceof RegoSet && part instanceof RegoSet) return part.items.every((item) => whole.has(item));
	if (Array.isArray(whole) && Array.isArray(part)) return isRun(whole, part, context);
	if (Array.isArray(whole) && part instanceof RegoSet) return coversSet(whole, part);
	return undefined;
}

function sameKind(a: RegoValue, b: RegoValue): boolean {
	return Array.isArray(a) === Array.isArray(b);
}

/** Whether the part stands in the whole as it is, without gaps. */
function isRun(whole: readonly RegoValue[], part: readonly RegoValue[], context: EvaluationContext): boolean {
	context.charge(whole.length * part.length);
	const haystack = whole.map(identity);
	const needle = part.map(identity);
	if (needle.length > haystack.length) return false;
	if (needle.length === 0) return true;
	return haystack.some((_, start) => needle.every((item, i) => haystack[start + i] === item));
}

/** OPA counts matches, so that an item that comes twice counts twice, and an empty array has no subset at all. */
function coversSet(whole: readonly RegoValue[], part: RegoSet): boolean {
	let unmatched = part.items.length;
	return whole.some((item) => {
		if (part.has(item)) unmatched--;
		return unmatched === 0;
	});
}

/** By v1/topdown/subset.go. */
export const SUBSET_BUILTINS: BuiltinGroup = {
	"object.subset": (operands, context) => {
		const result = isSubset(operands.value(1), operands.value(2), context);
		if (result === undefined) throw new Error("both arguments must be of the same type or array and set");
		return result;
	},
};
