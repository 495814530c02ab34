import { isDay, isRepeated, mod11And10, modulo, weighted } from "../checks.ts";
import { numberOf } from "../numbers.ts";
import type { NumericId } from "./id.ts";

/** Western and southern Europe. Spain's, Italy's and Ireland's have letters. */
export const WESTERN: readonly NumericId[] = [
	{
		of: "nl_bsn",
		shapes: [[9], [4, 2, 3], [3, 3, 3]],
		separators: " .-",
		alone: false,
		words: ["bsn", "burgerservicenummer", "sofinummer", "sofi"],
		valid: (d) => !isRepeated(d, 0, 9) && weighted(d, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0,
	},
	{
		of: "be_rijksregisternummer",
		shapes: [[11], [6, 3, 2], [6, 5]],
		separators: " .-",
		written: ["##.##.##-###.##"],
		alone: true,
		words: ["rijksregisternummer", "niss", "insz", "rrn"],
		valid: belgian,
	},
	{
		of: "fr_nir",
		shapes: [[15], [13, 2], [1, 2, 2, 2, 3, 3, 2]],
		separators: " .-",
		alone: true,
		words: ["nir", "insee"],
		valid: (d) => {
			const month = numberOf(d, 3, 5);
			const known = (month >= 1 && month <= 12) || (month >= 20 && month <= 42) || month >= 50;
			const sex = d[0] as number;
			return known && [1, 2, 3, 4, 7, 8].includes(sex) && 97 - modulo(d, 0, 13, 97) === numberOf(d, 13, 15);
		},
	},
	{
		of: "de_steuer_id",
		shapes: [[11], [2, 3, 3, 3]],
		separators: " ",
		alone: true,
		words: ["idnr", "steueridentifikationsnummer"],
		valid: (d) => d[0] !== 0 && oneDigitTwice(d) && mod11And10(d, 0, 11),
	},
	{
		of: "pt_nif",
		shapes: [[9], [3, 3, 3]],
		separators: " .",
		alone: false,
		words: ["nif", "contribuinte"],
		valid: (d) => {
			const rest = weighted(d, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
			return ![0, 4, 7].includes(d[0] as number) && d[8] === (rest < 2 ? 0 : 11 - rest);
		},
	},
	{
		of: "ch_ahv",
		shapes: [[13], [3, 4, 4, 2]],
		separators: ". ",
		alone: true,
		words: ["ahv", "avs"],
		valid: (d) =>
			numberOf(d, 0, 3) === 756 && weighted(d, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0,
	},
	{
		of: "at_svnr",
		shapes: [[10], [4, 6]],
		separators: " -",
		alone: "grouped",
		words: ["svnr", "sozialversicherungsnummer"],
		valid: (d) =>
			d[0] !== 0 &&
			isDay(numberOf(d, 6, 8), numberOf(d, 4, 6)) &&
			(weighted(d, [3, 7, 9]) + weighted(d, [5, 8, 4, 2, 1, 6], 4)) % 11 === d[3],
	},
	{
		of: "gr_amka",
		shapes: [[11]],
		separators: "",
		alone: true,
		words: ["amka", "αμκα", "ΑΜΚΑ"],
		valid: (d) => isDay(numberOf(d, 2, 4), numberOf(d, 0, 2)) && luhnOf(d),
	},
	{
		of: "gb_nhs",
		shapes: [[10], [3, 3, 4]],
		separators: " -",
		alone: false,
		words: ["nhs"],
		valid: (d) => {
			const check = 11 - (weighted(d, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
			return d[9] === check % 11 && !isRepeated(d, 0, 10);
		},
	},
];

function luhnOf(d: Uint8Array): boolean {
	const doubled = (digit: number) => (digit > 4 ? digit * 2 - 9 : digit * 2);
	let sum = 0;
	for (let i = 0; i < 11; i++) sum += i % 2 === 1 ? doubled(d[i] as number) : (d[i] as number);
	return sum % 10 === 0;
}

/** Who was born from 2000 on has a 2 before the number that is divided. */
function belgian(d: Uint8Array): boolean {
	const month = numberOf(d, 2, 4) % 20;
	const day = numberOf(d, 4, 6);
	if (day > 31 || month > 12 || (month > 0 && day > 0 && !isDay(month, day))) return false;
	const check = numberOf(d, 9, 11);
	return check === 97 - modulo(d, 0, 9, 97) || check === 97 - modulo(d, 0, 9, 97, 2);
}

/** Of the first ten digits exactly one occurs twice or three times, all others at most once. */
function oneDigitTwice(d: Uint8Array): boolean {
	let seen = 0;
	let more = 0;
	let most = 0;
	for (let digit = 0; digit < 10; digit++) {
		let count = 0;
		for (let i = 0; i < 10; i++) if (d[i] === digit) count++;
		if (count > 0) seen++;
		if (count > 1) more++;
		if (count > most) most = count;
	}
	return more === 1 && most <= 3 && seen + most === 11;
}
