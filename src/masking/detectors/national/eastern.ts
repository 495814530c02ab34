import { isDay, mod11And10, modulo, weighted } from "../checks.ts";
import { numberOf } from "../numbers.ts";
import type { NumericId } from "./id.ts";

/** Central and eastern Europe, and Turkey. */
export const EASTERN: readonly NumericId[] = [
	{
		of: "pl_pesel",
		shapes: [[11]],
		separators: "",
		alone: true,
		words: ["pesel"],
		valid: (d) => {
			const month = numberOf(d, 2, 4) % 20;
			return isDay(month, numberOf(d, 4, 6)) && weighted(d, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0;
		},
	},
	{
		of: "cz_sk_rodne_cislo",
		shapes: [[6, 4], [10]],
		separators: "/",
		alone: "grouped",
		words: ["rodne", "rodné"],
		valid: (d) => {
			const month = numberOf(d, 2, 4) % 50;
			return isDay(month > 20 ? month - 20 : month, numberOf(d, 4, 6)) && czechCheck(d);
		},
	},
	{
		of: "ro_cnp",
		shapes: [[13]],
		separators: "",
		alone: true,
		words: ["cnp"],
		valid: (d) => {
			const county = numberOf(d, 7, 9);
			const check = weighted(d, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
			const known =
				d[0] !== 0 && ((county >= 1 && county <= 48) || county === 51 || county === 52 || county === 70);
			return known && isDay(numberOf(d, 3, 5), numberOf(d, 5, 7)) && d[12] === (check === 10 ? 1 : check);
		},
	},
	{
		of: "bg_egn",
		shapes: [[10]],
		separators: "",
		alone: false,
		words: ["egn", "егн", "ЕГН"],
		valid: (d) =>
			isDay(numberOf(d, 2, 4) % 20, numberOf(d, 4, 6)) &&
			d[9] === (weighted(d, [2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11) % 10,
	},
	{
		of: "hr_oib",
		shapes: [[11]],
		separators: "",
		alone: false,
		words: ["oib"],
		valid: (d) => mod11And10(d, 0, 11),
	},
	{
		// Serbia, Bosnia, Montenegro, North Macedonia, Slovenia
		of: "rs_jmbg",
		shapes: [[13]],
		separators: "",
		alone: true,
		words: ["jmbg", "emso", "embg"],
		valid: (d) => {
			const year = d[4] as number;
			const check = (11 - (weighted(d, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
			return (year === 9 || year === 0) && isDay(numberOf(d, 2, 4), numberOf(d, 0, 2)) && d[12] === check;
		},
	},
	{
		of: "ru_snils",
		shapes: [[3, 3, 3, 2], [11]],
		separators: "- ",
		written: ["###-###-### ##"],
		alone: false,
		words: ["snils", "снилс", "СНИЛС"],
		valid: (d) => (weighted(d, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101) % 100 === numberOf(d, 9, 11),
	},
	{
		of: "tr_kimlik",
		shapes: [[11]],
		separators: "",
		alone: true,
		words: ["tckn", "kimlik"],
		valid: (d) => {
			const tenth = (weighted(d, [7, -1, 7, -1, 7, -1, 7, -1, 7]) % 10) + 10;
			const all = weighted(d, [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
			return d[0] !== 0 && d[9] === tenth % 10 && d[10] === all % 10;
		},
	},
];

function czechCheck(d: Uint8Array): boolean {
	// Until 1985 a remainder of ten was written as zero.
	return modulo(d, 0, 10, 11) === 0 || (d[9] === 0 && modulo(d, 0, 9, 11) === 10);
}
