import { tokenize } from "./lexer.ts";

/**
 * The text with each comment replaced by blanks, one for each character, line ends kept, so that every character
 * keeps its position. Undefined when there is nothing to replace, or when a blank would say something else: a comment
 * between two strings keeps them apart, and blanks with a line end would make them one.
 */
export function blankComments(text: string): string | undefined {
	let blanked = "";
	let copied = 0;
	let afterString = false;
	let commentAfterString = false;
	let changesMeaning = false;
	const token = () => {
		afterString = false;
		commentAfterString = false;
	};
	tokenize(text, {
		comment(start, end, depth) {
			blanked += text.slice(copied, start) + text.slice(start, end).replace(/[^\r\n]/gu, " ");
			copied = end;
			if (afterString && depth > 0) commentAfterString = true;
		},
		quoted(start, _end, quote) {
			// E'...' after a string is refused either way; only a bare quote continues one.
			if (commentAfterString && text[start] === "'") changesMeaning = true;
			token();
			afterString = quote === "'";
		},
		word: token,
		operator: token,
		other: token,
	});
	if (copied === 0 || changesMeaning) return undefined;
	return blanked + text.slice(copied);
}
