import { tokenize } from "../../grammar/index.ts";

/**
 * `x[i].y := z` taken apart at its operator: the first `:=` or `=` outside of brackets. Undefined when there is none.
 */
export function splitAssignment(
	text: string,
): { readonly target: string; readonly source: string } | undefined {
	let depth = 0;
	let colon = -1;
	let found: { target: string; source: string } | undefined;
	const split = (start: number, end: number): void => {
		if (depth === 0) found ??= { target: text.slice(0, start), source: text.slice(end) };
	};
	tokenize(text, {
		comment() {},
		quoted() {},
		word() {},
		operator(start, end) {
			// The scanner takes no sign of what follows into an operator of one character.
			if (text[start] === "=" && /^=[+-]*$/.test(text.slice(start, end)))
				split(colon >= 0 && colon === start - 1 ? colon : start, start + 1);
		},
		other(start) {
			const sign = text[start];
			if (sign === "(" || sign === "[") depth++;
			else if (sign === ")" || sign === "]") depth--;
			else if (sign === ":") colon = start;
		},
	});
	return found;
}
