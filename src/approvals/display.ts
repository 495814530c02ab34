/**
 * What doesn't show, or changes how the rest shows: control and format characters (bidirectional marks, zero-width
 * ones, tags), separators and blanks other than the plain space, what Unicode says may be ignored in display
 * (variation selectors, fillers), the blank Braille pattern, private and unassigned characters, lone surrogates; and
 * the opening bracket of our own notation, so that a text can't imitate it. Tab and line feed stay.
 */
const INVISIBLE = /(?![\t\n ])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Z}\p{DI}\u2800\u27e8]/gu;
const RIGHT_TO_LEFT = /[\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Syriac}\p{sc=Thaana}\p{sc=Nko}\p{sc=Adlam}]/u;
const FOREIGN_LETTER = /[^\P{L}a-zA-Z]/u;
const WIDE_GAP = /[ \t]{40}|\n(?:[ \t]*\n){5}/;
const LONG_TEXT = 4_000;

/** A text as an approver should see it, and what to look out for in it, a sentence each. */
export interface Display {
	readonly text: string;
	readonly remarks: readonly string[];
}

/**
 * Makes a text show what it holds: each character that is invisible, or that turns the order of others, becomes
 * `⟨U+202E⟩`. Nothing is cut. Letters of right-to-left scripts stay legible and are remarked on, since a viewer may
 * still reorder what stands between them; so are letters beyond ASCII, which can look like ASCII ones, gaps that
 * push the rest out of view, and long texts.
 */
export function display(text: string): Display {
	let hidden = 0;
	const visible = text.replace(INVISIBLE, (character) => {
		hidden += 1;
		return notation(character);
	});
	const remarks: string[] = [];
	if (hidden > 0)
		remarks.push(`${hidden} invisible or unusual character${hidden === 1 ? "" : "s"} shown as ⟨U+…⟩.`);
	if (RIGHT_TO_LEFT.test(visible))
		remarks.push("Holds right-to-left letters: what is seen may be in another order than what runs.");
	if (FOREIGN_LETTER.test(visible))
		remarks.push("Holds letters beyond ASCII, some of which look like ASCII ones.");
	if (WIDE_GAP.test(text)) remarks.push("Holds a wide gap: more of it may lie beyond the edge of the view.");
	if (text.length > LONG_TEXT)
		remarks.push(`Is long: ${text.length} characters in ${text.split("\n").length} lines.`);
	return { text: visible, remarks };
}

function notation(character: string): string {
	const point = character.codePointAt(0) ?? 0;
	return `⟨U+${point.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}
