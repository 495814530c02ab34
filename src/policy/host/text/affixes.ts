import { asString, membersOf, type Operands } from "../operands.ts";

/** Strings that are sorted by code unit: those with a common prefix stand together, right after the prefix itself. */
function stringsOf(operands: Operands, position: number): string[] {
	const value = operands.value(position);
	if (typeof value === "string") return [value];
	const members = membersOf(value);
	if (members === undefined) throw new Error(`operand ${position} must be a string, a set or an array`);
	return members.map((member) => asString(member, `a member of operand ${position}`));
}

export function anyPrefixMatch(operands: Operands): boolean {
	return anyStartsWith(stringsOf(operands, 1), stringsOf(operands, 2));
}

export function anySuffixMatch(operands: Operands): boolean {
	return anyStartsWith(stringsOf(operands, 1).map(reverse), stringsOf(operands, 2).map(reverse));
}

function reverse(text: string): string {
	return text.split("").reverse().join("");
}

/** Looks each prefix up by bisection, so that the time grows with the sum of both lists and not their product. */
function anyStartsWith(texts: readonly string[], prefixes: readonly string[]): boolean {
	const sorted = [...texts].sort((a, b) => (a < b ? -1 : Number(a > b)));
	return prefixes.some((prefix) => {
		let low = 0;
		let high = sorted.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if ((sorted[middle] ?? "") < prefix) low = middle + 1;
			else high = middle;
		}
		return sorted[low]?.startsWith(prefix) ?? false;
	});
}
