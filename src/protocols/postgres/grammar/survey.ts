import { tokenize } from "./lexer.ts";

/** What is known of a text before it is parsed. */
export interface Survey {
	/** The deepest nesting of block comments. */
	readonly commentDepth: number;
	/** The deepest nesting of brackets. */
	readonly bracketDepth: number;
	/**
	 * At least the depth of the tree that the text can make, in expressions: brackets, and operators and keywords that
	 * chain, added up over what is open. Often far too much, so it decides only how a text is parsed.
	 */
	readonly treeDepth: number;
}

/** Words that may put one node inside another without a bracket. AND and OR of one kind make one flat node. */
const CHAINING = new Set([
	"not",
	"case",
	"else",
	"union",
	"intersect",
	"except",
	"join",
	"collate",
	"at",
	"is",
]);
/** Operators that don't chain (`%nonassoc` in gram.y): one more within another takes a bracket. */
const FLAT = new Set(["=", "<", ">", "<=", ">=", "<>", "!=", "=>", ":="]);

/** One pass over the text, in linear time and with no recursion. */
export function survey(text: string): Survey {
	let commentDepth = 0;
	let bracketDepth = 0;
	let treeDepth = 0;
	/** Links since the last comma, one entry for each open bracket, and the sum of them. */
	const links: number[] = [];
	let own = 0;
	let outer = 0;
	const link = () => {
		own++;
		treeDepth = Math.max(treeDepth, outer + own + links.length);
	};
	tokenize(text, {
		comment(_start, _end, depth) {
			commentDepth = Math.max(commentDepth, depth);
		},
		quoted() {},
		word(start, end) {
			if (end - start <= 9 && CHAINING.has(text.slice(start, end).toLowerCase())) link();
		},
		operator(start, end) {
			if (end - start > 2 || !FLAT.has(text.slice(start, end))) link();
		},
		other(start) {
			const sign = text[start];
			if (sign === "(" || sign === "[") {
				links.push(own);
				outer += own;
				own = 0;
				bracketDepth = Math.max(bracketDepth, links.length);
				treeDepth = Math.max(treeDepth, outer + links.length);
			} else if (sign === ")" || sign === "]") {
				own = links.pop() ?? 0;
				outer -= own;
			} else if (sign === ",") {
				own = 0;
			} else if (sign === ";") {
				own = 0;
			} else if (sign === ":") {
				link(); // a cast is two of them
			}
		},
	});
	return { commentDepth, bracketDepth, treeDepth };
}

/** Why a text is not even tried: its comments, or its brackets or the tree that came of it. */
export type Refusal = "comments" | "nesting";

/** Whether a text so surveyed may be given to the parser; null when it may. */
export function refusalOf(
	found: Survey,
	limits: { maxCommentDepth: number; maxNesting: number },
): Refusal | null {
	if (found.commentDepth > limits.maxCommentDepth) return "comments";
	return found.bracketDepth > limits.maxNesting ? "nesting" : null;
}
