import { LEFT_TO_RIGHT, PROHIBITED, RIGHT_TO_LEFT, UNASSIGNED } from "./stringprep-tables.ts";

/** RFC 3454, table C.1.2. */
const NON_ASCII_SPACE = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu;
/** Table B.1. */
// biome-ignore lint/suspicious/noMisleadingCharacterClass: each of these code points is meant by itself
const MAPPED_TO_NOTHING = /[\u00ad\u034f\u1806\u180b-\u180d\u200c\u200d\u2060\ufe00-\ufe0f\ufeff]/gu;
const NOT_ASCII = /[^\0-\x7f]/;

/**
 * SASLprep (RFC 4013) of a password for SCRAM, as PostgreSQL does it (`pg_saslprep`): a text that the profile refuses
 * is used as it stands, on both sides.
 */
export function saslprep(password: string): string {
	if (!NOT_ASCII.test(password)) return password;
	const mapped = password.replaceAll(NON_ASCII_SPACE, " ").replaceAll(MAPPED_TO_NOTHING, "");
	const normalised = mapped.normalize("NFKC");
	const points = Array.from(normalised, (character) => character.codePointAt(0) ?? 0);
	const refused =
		points.length === 0 || points.some((point) => isIn("prohibited", point) || isIn("unassigned", point));
	return refused || !isBidirectionallySound(points) ? password : normalised;
}

/** Right-to-left text must begin and end as such and hold nothing that runs the other way. */
function isBidirectionallySound(points: readonly number[]): boolean {
	if (!points.some((point) => isIn("rightToLeft", point))) return true;
	if (points.some((point) => isIn("leftToRight", point))) return false;
	return isIn("rightToLeft", points[0] ?? 0) && isIn("rightToLeft", points.at(-1) ?? 0);
}

const SOURCES = {
	prohibited: PROHIBITED,
	unassigned: UNASSIGNED,
	rightToLeft: RIGHT_TO_LEFT,
	leftToRight: LEFT_TO_RIGHT,
} as const;
type Table = keyof typeof SOURCES;
type Ranges = readonly (readonly [first: number, last: number])[];

/** Read when a password first needs them: most are ASCII. */
const ranges: Partial<Record<Table, Ranges>> = {};

function isIn(table: Table, point: number): boolean {
	ranges[table] ??= SOURCES[table]
		.trim()
		.split(/\s+/)
		.map((range) => {
			const [first = "", last = first] = range.split("-");
			return [Number.parseInt(first, 16), Number.parseInt(last, 16)] as const;
		});
	return ranges[table].some(([first, last]) => point >= first && point <= last);
}
