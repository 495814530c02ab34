import type { BuiltinGroup } from "../builtin.ts";
import { RegoNumber } from "../values.ts";
import { anyPrefixMatch, anySuffixMatch } from "./affixes.ts";
import { sprintf } from "./sprintf.ts";

/** OPA's builtins over strings that are not compiled into the module, by v1/topdown/strings.go and glob.go. */
export const TEXT_BUILTINS: BuiltinGroup = {
	"strings.any_prefix_match": anyPrefixMatch,
	"strings.any_suffix_match": anySuffixMatch,
	"strings.count": (operands) => {
		const text = operands.string(1);
		const part = operands.string(2);
		return new RegoNumber(part === "" ? [...text].length + 1 : text.split(part).length - 1);
	},
	"strings.split_n": (operands) => {
		const text = operands.string(1);
		const delimiter = operands.string(2);
		const limit = Number(operands.integer(3));
		const parts = delimiter === "" ? [...text] : text.split(delimiter);
		return limit >= 0 ? parts.slice(0, limit) : parts.slice(Math.max(parts.length + limit, 0));
	},
	indexof_n: (operands) => {
		const text = operands.string(1);
		const part = operands.string(2);
		if (part === "") throw new Error("empty search character");
		const found: RegoNumber[] = [];
		let characters = 0;
		let counted = 0;
		for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
			characters += [...text.slice(counted, at)].length;
			counted = at;
			found.push(new RegoNumber(characters));
		}
		return found;
	},
	sprintf: (operands, context) =>
		sprintf(operands.string(1), operands.array(2), (units) => context.charge(units)),
	"glob.quote_meta": (operands) => operands.string(1).replace(/[*?\\[\]{}]/g, "\\$&"),
};
