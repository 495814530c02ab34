import { isDay, luhn, weighted } from "../checks.ts";
import { numberOf } from "../numbers.ts";
import type { NumericId } from "./id.ts";

const dayFirst = (d: Uint8Array, from = 0) =>
	isDay(numberOf(d, from + 2, from + 4), numberOf(d, from, from + 2));

/** The Nordic and Baltic countries. Finland's has a letter. */
export const NORDIC: readonly NumericId[] = [
	{
		of: "se_personnummer",
		shapes: [[6, 4], [8, 4], [10], [12]],
		separators: "-",
		alone: "grouped",
		words: ["personnummer", "personnr", "pnr"],
		valid: swedish,
	},
	{
		of: "no_fodselsnummer",
		shapes: [[11], [6, 5]],
		separators: " -",
		alone: true,
		words: ["fodselsnummer", "fødselsnummer", "personnummer"],
		valid: (d) =>
			isDay(numberOf(d, 2, 4) % 40, numberOf(d, 0, 2) % 40) &&
			weighted(d, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 === 0 &&
			weighted(d, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
	},
	{
		// Numbers without check digits are given since 2007.
		of: "dk_cpr",
		shapes: [[6, 4], [10]],
		separators: "-",
		alone: false,
		words: ["cpr", "cprnummer", "personnummer"],
		valid: (d) => dayFirst(d),
	},
	{
		of: "is_kennitala",
		shapes: [[6, 4], [10]],
		separators: "-",
		alone: "grouped",
		words: ["kennitala", "kt"],
		valid: (d) =>
			dayFirst(d) && (d[9] === 9 || d[9] === 0) && weighted(d, [3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
	},
	{
		of: "ee_lt_isikukood",
		shapes: [[11]],
		separators: "",
		alone: true,
		words: ["isikukood", "asmens"],
		valid: (d) =>
			(d[0] as number) >= 1 &&
			(d[0] as number) <= 6 &&
			isDay(numberOf(d, 3, 5), numberOf(d, 5, 7)) &&
			baltic(d),
	},
];

function swedish(d: Uint8Array): boolean {
	const from = d.length === 12 ? 2 : 0;
	if (from === 2 && ![18, 19, 20].includes(numberOf(d, 0, 2))) return false;
	const day = numberOf(d, from + 4, from + 6);
	// Coordination numbers have 60 added to the day.
	return isDay(numberOf(d, from + 2, from + 4), day > 60 ? day - 60 : day) && luhn(d, from, from + 10);
}

function baltic(d: Uint8Array): boolean {
	const first = weighted(d, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
	const second = first < 10 ? first : weighted(d, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11;
	return d[10] === second % 10;
}
