/** One element of a Go time layout: what stands before it, and which element it is (`2006`, `-07:00`, `.000` ...). */
export interface LayoutChunk {
	readonly prefix: string;
	/** The element's own text in canonical form; undefined after the last element. */
	readonly element: string | undefined;
	/** For fractions of a second, how many digits. */
	readonly digits: number;
	readonly suffix: string;
}

/** In the order in which Go looks for them at one place, longest first where one begins like another. */
const ELEMENT =
	/January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|0[1-6]|002|15|1|2006|_2006|_2|__2|2|3|4|5|PM|pm|-070000|-07:00:00|-0700|-07:00|-07|Z070000|Z07:00:00|Z0700|Z07:00|Z07|[.,](?:0+|9+)(?!\d)/g;

/**
 * Takes the next element off a layout, as `nextStdChunk` of Go's time package does. Layouts and values are handled as
 * bytes (latin1 text), as Go does.
 */
export function nextChunk(layout: string): LayoutChunk {
	ELEMENT.lastIndex = 0;
	const match = ELEMENT.exec(layout);
	if (match === null) return { prefix: layout, element: undefined, digits: 0, suffix: "" };
	const [text] = match;
	const end = match.index + text.length;
	// `_2006` is a literal underscore and a year.
	if (text === "_2006") {
		return {
			prefix: layout.slice(0, match.index + 1),
			element: "2006",
			digits: 0,
			suffix: layout.slice(end),
		};
	}
	const isFraction = text.startsWith(".") || text.startsWith(",");
	return {
		prefix: layout.slice(0, match.index),
		element: isFraction ? `${text[0]}${text[1]}` : text,
		digits: isFraction ? text.length - 1 : 0,
		suffix: layout.slice(end),
	};
}

/** The layouts that OPA knows by name. */
export const NAMED_LAYOUTS: ReadonlyMap<string, string> = new Map([
	["ANSIC", "Mon Jan _2 15:04:05 2006"],
	["UnixDate", "Mon Jan _2 15:04:05 MST 2006"],
	["RubyDate", "Mon Jan 02 15:04:05 -0700 2006"],
	["RFC822", "02 Jan 06 15:04 MST"],
	["RFC822Z", "02 Jan 06 15:04 -0700"],
	["RFC850", "Monday, 02-Jan-06 15:04:05 MST"],
	["RFC1123", "Mon, 02 Jan 2006 15:04:05 MST"],
	["RFC1123Z", "Mon, 02 Jan 2006 15:04:05 -0700"],
	["RFC3339", "2006-01-02T15:04:05Z07:00"],
	["RFC3339Nano", "2006-01-02T15:04:05.999999999Z07:00"],
]);

export const MONTHS = [
	"January",
	"February",
	"March",
	"April",
	"May",
	"June",
	"July",
	"August",
	"September",
	"October",
	"November",
	"December",
] as const;

export const WEEKDAYS = [
	"Sunday",
	"Monday",
	"Tuesday",
	"Wednesday",
	"Thursday",
	"Friday",
	"Saturday",
] as const;

/** Text as bytes, a character each. */
export function toBytes(text: string): string {
	return Buffer.from(text).toString("latin1");
}

export function fromBytes(bytes: string): string {
	return Buffer.from(bytes, "latin1").toString("utf8");
}
