import { byteAt, isDigit, numberBegins, WORD } from "./bytes.ts";
import { isRepeated, luhn } from "./checks.ts";
import type { Text } from "./kinds.ts";
import { type NumberRun, numberOf } from "./numbers.ts";

interface Network {
	readonly of: string;
	readonly lengths: readonly number[];
	/** First and last of the issuers' numbers, written with as many digits as are given. */
	readonly issuers: readonly (readonly [from: number, to: number])[];
}

/** The networks' published ranges. Maestro's lengths of 12 to 15 and Visa's old 13 are left out: too many numbers look so. */
const NETWORKS: readonly Network[] = [
	{ of: "visa", lengths: [16, 19], issuers: [[4, 4]] },
	{
		of: "mastercard",
		lengths: [16],
		issuers: [
			[51, 55],
			[2221, 2720],
		],
	},
	{
		of: "amex",
		lengths: [15],
		issuers: [
			[34, 34],
			[37, 37],
		],
	},
	{
		of: "discover",
		lengths: [16, 19],
		issuers: [
			[6011, 6011],
			[644, 649],
			[65, 65],
		],
	},
	{ of: "jcb", lengths: [16, 19], issuers: [[3528, 3589]] },
	{
		of: "diners",
		lengths: [14, 16],
		issuers: [
			[300, 305],
			[3095, 3095],
			[36, 36],
			[38, 39],
		],
	},
	{
		of: "unionpay",
		lengths: [16, 17, 18, 19],
		issuers: [
			[62, 62],
			[81, 81],
		],
	},
	{
		of: "maestro",
		lengths: [16, 18, 19],
		issuers: [
			[50, 50],
			[56, 58],
			[60, 60],
			[63, 63],
			[67, 67],
		],
	},
	{ of: "mir", lengths: [16], issuers: [[2200, 2204]] },
];

/** How cards are printed and typed; a single group is any of the networks' lengths. */
const SHAPES: readonly (readonly number[])[] = [
	[4, 4, 4, 4, 3],
	[4, 4, 4, 4],
	[4, 6, 5],
	[4, 6, 4],
	[6, 13],
	[8, 8],
];

/** The network and the end of the card number that the run begins with; null for anything else. */
export function cardAt(text: Text, run: NumberRun): { readonly of: string; readonly end: number } | null {
	const first = run.sizes[0] as number;
	if ((first > 8 && first < 14) || first < 4 || !numberBegins(text, run.start)) return null;
	if (first >= 14) return checked(text, run, first, run.endOf(1));
	for (const shape of SHAPES) {
		if (!run.hasShape(shape, " -.")) continue;
		const length = shape.reduce((sum, size) => sum + size, 0);
		const found = checked(text, run, length, run.endOf(shape.length), run.separators[1]);
		if (found !== null) return found;
	}
	return null;
}

function checked(
	text: Text,
	run: NumberRun,
	length: number,
	end: number,
	separator = 0,
): { of: string; end: number } | null {
	const next = byteAt(text, end);
	if (WORD[next] !== 0) return null;
	// A fifth group behind the same separator makes it another number; a date or CVV behind a blank doesn't.
	if ((next === separator || next === 0x2e) && next !== 0x20 && isDigit(byteAt(text, end + 1))) return null;
	if (!luhn(run.digits, 0, length) || isRepeated(run.digits, 0, length)) return null;
	const network = NETWORKS.find(({ lengths, issuers }) => {
		if (!lengths.includes(length)) return false;
		return issuers.some(([from, to]) => {
			const issuer = numberOf(run.digits, 0, String(from).length);
			return issuer >= from && issuer <= to;
		});
	});
	return network === undefined ? null : { of: network.of, end };
}
