import type { Random } from "./random.ts";

/*
 * Numbers with check digits, made as their issuers' documents describe: the body first, then the check by trying what
 * fits or by the published formula, written here without the product's code.
 */

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
const figures = (text: string) => [...text].map(Number);
const product = (text: string, weights: readonly number[]) =>
	sum(weights.map((weight, i) => weight * Number(text[i])));

/** The one digit behind `body` with which `fits` holds; null where there is none. */
function completed(body: string, fits: (whole: string) => boolean, characters = "0123456789"): string | null {
	for (const character of characters) if (fits(body + character)) return body + character;
	return null;
}

function passesLuhn(text: string): boolean {
	const doubled = figures(text)
		.toReversed()
		.map((digit, i) => (i % 2 === 1 ? String(digit * 2) : String(digit)));
	return sum(figures(doubled.join(""))) % 10 === 0;
}

/** Makes until one comes out: some bodies have no check digit. */
function until(make: () => string | null): string {
	for (;;) {
		const made = make();
		if (made !== null) return made;
	}
}

export function card(random: Random): string {
	const [prefix, length] = random.of([
		["4", 16],
		["4", 16],
		["51", 16],
		["55", 16],
		["2221", 16],
		["2720", 16],
		["34", 15],
		["37", 15],
		["6011", 16],
		["65", 16],
		["3530", 16],
		["36", 14],
		["62", 16],
		["62", 19],
	] as const);
	const body = prefix + random.digits(length - prefix.length - 1);
	const whole = completed(body, passesLuhn) as string;
	return random.below(2) === 0 ? whole : grouped(whole, random.of([" ", "-", " "]));
}

export function grouped(number: string, separator: string): string {
	const shape = number.length === 15 ? [4, 6, 5] : number.length === 14 ? [4, 6, 4] : [4, 4, 4, 4, 3];
	const starts = shape.map((_, i) => sum(shape.slice(0, i)));
	const groups = shape
		.map((size, i) => number.slice(starts[i], (starts[i] as number) + size))
		.filter((group) => group !== "");
	return groups.join(separator);
}

const IBAN_FORMS = (
	"DE:n18 FR:n10w11n2 GB:a4n14 NL:a4n10 ES:n20 IT:a1n10w12 BE:n12 AT:n16 CH:n5w12 PL:n24 SE:n20 NO:n11 DK:n14 FI:n14 " +
	"PT:n21 IE:a4n14 CZ:n20 RO:a4w16 TR:n5n1w16 GR:n7w16 HU:n24 LU:n3w13 SA:n2w18 AE:n19"
).split(" ");

export function iban(random: Random): string {
	const [country = "", form = ""] = random.of(IBAN_FORMS).split(":");
	let body = "";
	for (const [, kind, size] of form.matchAll(/([nwa])(\d+)/g)) {
		const characters =
			kind === "n"
				? "0123456789"
				: kind === "a"
					? "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
					: "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
		body += random.text(characters, Number(size));
	}
	const number = [...`${body}${country}00`].map((character) => Number.parseInt(character, 36)).join("");
	const check = String(98n - (BigInt(number) % 97n)).padStart(2, "0");
	const whole = `${country}${check}${body}`;
	const written = random.below(2) === 0 ? whole : (whole.match(/.{1,4}/g) ?? []).join(" ");
	return random.below(10) === 0 ? written.toLowerCase() : written;
}

interface Birth {
	readonly y: string;
	readonly yyyy: string;
	readonly m: string;
	readonly d: string;
}

function birth(random: Random): Birth {
	const yyyy = String(random.between(1930, 1999));
	const two = (value: number) => String(value).padStart(2, "0");
	return { yyyy, y: yyyy.slice(2), m: two(random.between(1, 12)), d: two(random.between(1, 28)) };
}

const VERHOEFF_PRODUCTS = [
	"0123456789",
	"1234067895",
	"2340178956",
	"3401289567",
	"4012395678",
	"5987604321",
	"6598710432",
	"7659821043",
	"8765932104",
	"9876543210",
];
const VERHOEFF_PLACES = [
	"0123456789",
	"1576283094",
	"5803796142",
	"8916043527",
	"9453126870",
	"4286573901",
	"2793806415",
	"7046913258",
];

function passesVerhoeff(text: string): boolean {
	let check = 0;
	for (const [i, digit] of figures(text).toReversed().entries())
		check = Number(VERHOEFF_PRODUCTS[check]?.[Number(VERHOEFF_PLACES[i % 8]?.[digit])]);
	return check === 0;
}

/** ISO 7064's MOD 11,10 as its recursive method is described. */
function passesMod11And10(text: string): boolean {
	let rest = 10;
	for (const digit of figures(text.slice(0, -1))) {
		rest = (rest + digit) % 10;
		rest = rest === 0 ? 10 : rest;
		rest = (rest * 2) % 11;
	}
	return (rest + Number(text.at(-1))) % 10 === 1;
}

/** By name: what is written, and the words that it stands behind where it is never written without. */
export interface NationalNumber {
	readonly make: (random: Random) => string;
	readonly words: readonly string[];
}

export const NATIONAL: Readonly<Record<string, NationalNumber>> = {
	nl_bsn: {
		words: ["BSN:", "Burgerservicenummer", "bsn ="],
		make: (r) =>
			until(() =>
				completed(
					String(r.between(10_000_000, 29_999_999)),
					(n) => (product(n, [9, 8, 7, 6, 5, 4, 3, 2]) - Number(n[8])) % 11 === 0,
				),
			),
	},
	be_rijksregisternummer: {
		words: [],
		make: (r) => {
			const { y, m, d } = birth(r);
			const body = `${y}${m}${d}${String(r.between(1, 997)).padStart(3, "0")}`;
			const check = String(97 - (Number(body) % 97)).padStart(2, "0");
			return r.of([`${body}${check}`, `${y}.${m}.${d}-${body.slice(6)}.${check}`]);
		},
	},
	fr_nir: {
		words: [],
		make: (r) => {
			const { y, m } = birth(r);
			const parts = [
				String(r.between(1, 2)),
				y,
				m,
				String(r.between(10, 95)),
				String(r.between(100, 900)),
				String(r.between(100, 990)),
			];
			const check = String(97n - (BigInt(parts.join("")) % 97n)).padStart(2, "0");
			return [...parts, check].join(r.of(["", " "]));
		},
	},
	de_steuer_id: {
		words: [],
		make: (r) =>
			until(() => {
				const order = figures("0123456789").toSorted(() => r.below(2) - 0.5);
				order[r.between(1, 9)] = order[0] as number;
				if (new Set(order).size !== 9 || order[0] === 0) return null;
				const whole = completed(order.join(""), passesMod11And10);
				return whole === null
					? null
					: r.of([whole, `${whole.slice(0, 2)} ${whole.slice(2, 5)} ${whole.slice(5, 8)} ${whole.slice(8)}`]);
			}),
	},
	es_dni: { words: [], make: (r) => spanish("", r.digits(8)) },
	es_nie: { words: [], make: (r) => spanish(r.of(["X", "Y", "Z"]), r.digits(7)) },
	it_codice_fiscale: { words: [], make: italian },
	pt_nif: {
		words: ["NIF:", "contribuinte n.º"],
		make: (r) => {
			const body = `${r.between(1, 3)}${r.digits(7)}`;
			const rest = product(body, [9, 8, 7, 6, 5, 4, 3, 2]) % 11;
			return `${body}${rest < 2 ? 0 : 11 - rest}`;
		},
	},
	ch_ahv: {
		words: [],
		make: (r) => {
			const whole = completed(
				`756${r.digits(9)}`,
				(n) => sum(figures(n).map((digit, i) => (i % 2 === 0 ? digit : digit * 3))) % 10 === 0,
			) as string;
			return r.of([
				whole,
				`${whole.slice(0, 3)}.${whole.slice(3, 7)}.${whole.slice(7, 11)}.${whole.slice(11)}`,
			]);
		},
	},
	se_personnummer: {
		words: [],
		make: (r) => {
			const { y, yyyy, m, d } = birth(r);
			const whole = completed(`${y}${m}${d}${r.digits(3)}`, passesLuhn) as string;
			return `${r.of([y, yyyy])}${m}${d}-${whole.slice(6)}`;
		},
	},
	no_fodselsnummer: {
		words: [],
		make: (r) =>
			until(() => {
				const { y, m, d } = birth(r);
				const first = completed(
					`${d}${m}${y}${r.digits(3)}`,
					(n) => (product(n, [3, 7, 6, 1, 8, 9, 4, 5, 2]) + Number(n[9])) % 11 === 0,
				);
				return (
					first &&
					completed(first, (n) => (product(n, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) + Number(n[10])) % 11 === 0)
				);
			}),
	},
	fi_hetu: {
		words: [],
		make: (r) => {
			const { y, m, d } = birth(r);
			const number = r.digits(3);
			return `${d}${m}${y}-${number}${"0123456789ABCDEFHJKLMNPRSTUVWXY"[Number(`${d}${m}${y}${number}`) % 31]}`;
		},
	},
	ee_lt_isikukood: {
		words: [],
		make: (r) => {
			const { y, m, d } = birth(r);
			const body = `${r.between(3, 4)}${y}${m}${d}${r.digits(3)}`;
			const first = product(body, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
			const second = product(body, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11;
			return `${body}${first < 10 ? first : second < 10 ? second : 0}`;
		},
	},
	pl_pesel: {
		words: [],
		make: (r) => {
			const { y, m, d } = birth(r);
			const body = `${y}${m}${d}${r.digits(4)}`;
			return `${body}${(10 - (product(body, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10}`;
		},
	},
	cz_sk_rodne_cislo: {
		words: [],
		make: (r) =>
			until(() => {
				const { y, m, d } = birth(r);
				const whole = completed(`${y}${m}${d}${r.digits(3)}`, (n) => Number(n) % 11 === 0);
				return whole === null ? null : `${whole.slice(0, 6)}/${whole.slice(6)}`;
			}),
	},
	ro_cnp: {
		words: [],
		make: (r) => {
			const { y, m, d } = birth(r);
			const body = `${r.between(1, 2)}${y}${m}${d}${String(r.between(1, 46)).padStart(2, "0")}${String(r.between(1, 999)).padStart(3, "0")}`;
			const rest = product(body, figures("279146358279")) % 11;
			return `${body}${rest === 10 ? 1 : rest}`;
		},
	},
	hr_oib: { words: ["OIB:", "OIB"], make: (r) => completed(r.digits(10), passesMod11And10) as string },
	tr_kimlik: {
		words: [],
		make: (r) => {
			const body = `${r.between(1, 9)}${r.digits(8)}`;
			const odd = sum(figures(body).filter((_, i) => i % 2 === 0));
			const even = sum(figures(body).filter((_, i) => i % 2 === 1));
			const tenth = (((odd * 7 - even) % 10) + 10) % 10;
			return `${body}${tenth}${(odd + even + tenth) % 10}`;
		},
	},
	br_cpf: {
		words: [],
		make: (r) => {
			const first = brazilian(r.digits(9));
			const whole = brazilian(first);
			return r.of([
				whole,
				`${whole.slice(0, 3)}.${whole.slice(3, 6)}.${whole.slice(6, 9)}-${whole.slice(9)}`,
			]);
		},
	},
	ar_cuit: {
		words: [],
		make: (r) =>
			until(() => {
				const body = `${r.of(["20", "23", "27"])}${r.digits(8)}`;
				const rest = 11 - (product(body, figures("5432765432")) % 11);
				return rest === 10 ? null : `${body.slice(0, 2)}-${body.slice(2)}-${rest % 11}`;
			}),
	},
	cl_rut: {
		words: [],
		make: (r) => {
			const body = String(r.between(5_000_000, 25_000_000));
			const total = sum(
				figures(body)
					.toReversed()
					.map((digit, i) => digit * (2 + (i % 6))),
			);
			const check = 11 - (total % 11);
			const millions = body.slice(0, -6);
			return `${millions}.${body.slice(-6, -3)}.${body.slice(-3)}-${check === 11 ? "0" : check === 10 ? "K" : check}`;
		},
	},
	in_aadhaar: {
		words: ["Aadhaar:", "Aadhaar no.", "UIDAI"],
		make: (r) => {
			const whole = completed(`${r.between(2, 9)}${r.digits(10)}`, passesVerhoeff) as string;
			return r.of([whole, `${whole.slice(0, 4)} ${whole.slice(4, 8)} ${whole.slice(8)}`]);
		},
	},
	za_id: {
		words: [],
		make: (r) => {
			const { y, m, d } = birth(r);
			return completed(`${y}${m}${d}${r.digits(4)}${r.below(2)}8`, passesLuhn) as string;
		},
	},
	cn_resident_id: {
		words: [],
		make: (r) => {
			const { yyyy, m, d } = birth(r);
			const body = `${r.of(["110105", "310101", "440304", "510104"])}${yyyy}${m}${d}${r.digits(3)}`;
			return body + "10X98765432"[product(body, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11];
		},
	},
	kr_rrn: {
		words: [],
		make: (r) => {
			const { y, m, d } = birth(r);
			const body = `${y}${m}${d}${r.between(1, 2)}${r.digits(5)}`;
			const check = (11 - (product(body, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11)) % 10;
			return `${body.slice(0, 6)}-${body.slice(6)}${check}`;
		},
	},
	us_ssn: {
		words: [],
		make: (r) =>
			`${r.between(100, 665)}-${String(r.between(1, 99)).padStart(2, "0")}-${String(r.between(1, 9999)).padStart(4, "0")}`,
	},
	ca_sin: {
		words: ["SIN:", "Social Insurance Number (SIN)"],
		make: (r) => {
			const whole = completed(`${r.between(1, 7)}${r.digits(7)}`, passesLuhn) as string;
			return `${whole.slice(0, 3)} ${whole.slice(3, 6)} ${whole.slice(6)}`;
		},
	},
	gb_nhs: {
		words: ["NHS number:", "NHS no."],
		make: (r) =>
			until(() => {
				const body = `4${r.digits(8)}`;
				const check = 11 - (product(body, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
				return check === 10 ? null : `${body.slice(0, 3)} ${body.slice(3, 6)} ${body.slice(6)}${check % 11}`;
			}),
	},
	sg_nric: {
		words: [],
		make: (r) => {
			const body = r.digits(7);
			return `S${body}${"JZIHGFEDCBA"[product(body, [2, 7, 6, 5, 4, 3, 2]) % 11]}`;
		},
	},
};

function spanish(letter: string, body: string): string {
	const number = Number(`${letter === "" ? "" : "XYZ".indexOf(letter)}${body}`);
	return `${letter}${body}${"TRWAGMYFPDXBNJZSQVHLCKE"[number % 23]}`;
}

function brazilian(body: string): string {
	const rest = sum(figures(body).map((digit, i) => digit * (body.length + 1 - i))) % 11;
	return `${body}${rest < 2 ? 0 : 11 - rest}`;
}

const ITALIAN_ODD = "BAKPLCQDREVOSFTGUHMINJWZYX";

function italian(random: Random): string {
	const letters = "BCDFGLMNPRSTVZ";
	const { y, d } = birth(random);
	const body = `${random.text(letters, 6)}${y}${random.of([..."ABCDEHLMPRST"])}${d}${random.of([..."ABCDEFGHIL"])}${random.digits(3)}`;
	let total = 0;
	for (const [i, character] of [...body].entries()) {
		const value = /\d/.test(character) ? Number(character) : character.charCodeAt(0) - 65;
		total += i % 2 === 0 ? ITALIAN_ODD.indexOf(String.fromCharCode(65 + value)) : value;
	}
	return `${body}${String.fromCharCode(65 + (total % 26))}`;
}
