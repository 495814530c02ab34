import { isDay, isRepeated, luhn, verhoeff, weighted } from "../checks.ts";
import { numberOf } from "../numbers.ts";
import type { NumericId } from "./id.ts";

/** America, Asia, Africa, Australia. China's, Chile's, Singapore's and Mexico's have letters. */
export const WORLD: readonly NumericId[] = [
	{
		// No check digit: the form is what tells it, or a word.
		of: "us_ssn",
		shapes: [[3, 2, 4], [9]],
		separators: "-",
		alone: "grouped",
		words: ["ssn", "social", "socialsecurity"],
		valid: (d) => {
			const area = numberOf(d, 0, 3);
			return area > 0 && area !== 666 && area < 900 && numberOf(d, 3, 5) > 0 && numberOf(d, 5, 9) > 0;
		},
	},
	{
		of: "ca_sin",
		shapes: [[3, 3, 3], [9]],
		separators: " -",
		alone: false,
		words: ["sin", "nas"],
		valid: (d) => d[0] !== 0 && d[0] !== 8 && luhn(d, 0, 9),
	},
	{
		of: "br_cpf",
		shapes: [[11], [9, 2]],
		separators: "-",
		written: ["###.###.###-##"],
		alone: true,
		words: ["cpf"],
		valid: (d) => !isRepeated(d, 0, 11) && brazilian(d, 9) && brazilian(d, 10),
	},
	{
		of: "ar_cuit",
		shapes: [[2, 8, 1], [11]],
		separators: "- ",
		alone: true,
		words: ["cuit", "cuil"],
		valid: (d) => {
			const check = 11 - (weighted(d, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11);
			return [20, 23, 24, 25, 26, 27].includes(numberOf(d, 0, 2)) && d[10] === (check === 11 ? 0 : check);
		},
	},
	{
		of: "in_aadhaar",
		shapes: [[4, 4, 4], [12]],
		separators: " -",
		alone: false,
		words: ["aadhaar", "aadhar", "uidai", "आधार"],
		valid: (d) => (d[0] as number) > 1 && verhoeff(d, 0, 12),
	},
	{
		of: "za_id",
		shapes: [[13], [6, 4, 3]],
		separators: " ",
		alone: true,
		words: ["rsa", "idnumber"],
		valid: (d) => isDay(numberOf(d, 2, 4), numberOf(d, 4, 6)) && (d[10] as number) < 2 && luhn(d, 0, 13),
	},
	{
		of: "kr_rrn",
		shapes: [[6, 7]],
		separators: "-",
		alone: true,
		words: [],
		valid: (d) =>
			isDay(numberOf(d, 2, 4), numberOf(d, 4, 6)) &&
			(11 - (weighted(d, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10 === d[12],
	},
	{
		of: "au_tfn",
		shapes: [[3, 3, 3], [9]],
		separators: " ",
		alone: false,
		words: ["tfn"],
		valid: (d) => weighted(d, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0,
	},
	{
		of: "th_id",
		shapes: [[1, 4, 5, 2, 1], [13]],
		separators: "- ",
		alone: "grouped",
		words: ["บัตรประชาชน"],
		valid: (d) =>
			d[0] !== 0 &&
			d[0] !== 9 &&
			(11 - (weighted(d, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === d[12],
	},
];

function brazilian(d: Uint8Array, place: number): boolean {
	let sum = 0;
	for (let i = 0; i < place; i++) sum += (d[i] as number) * (place + 1 - i);
	const rest = sum % 11;
	return d[place] === (rest < 2 ? 0 : 11 - rest);
}
