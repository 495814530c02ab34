import type { DetectorKind } from "../policy/index.ts";
import type { Detectors } from "./detectors/index.ts";

/** What a column's values are, as far as it was looked: counts, and no value. */
export interface ColumnEvidence {
	/** Values that were looked at, NULLs not among them. */
	readonly values: number;
	/** In how many of them something of a kind was found. */
	readonly found: Readonly<Record<string, number>>;
	/** In how many of them a find was the whole value. */
	readonly whole: Readonly<Record<string, number>>;
	/** What the column's name suggests; null for nothing. */
	readonly named: string | null;
}

/** What is proposed for a column: to mask it whole, or to look into it; null for neither. */
export type Proposal =
	| { readonly way: "mask"; readonly transform: "partial" | "redact"; readonly keep: number }
	| { readonly way: "detect"; readonly detectors: string[] };

/** Names that suggest personal data or a secret, whatever is in the column at present. */
const NAMES: readonly (readonly [kind: DetectorKind | "birth" | "address" | "secret", pattern: RegExp])[] = [
	["email", /(^|_)e?_?mail(_?addr(ess)?)?($|_)|courriel|correo/],
	["phone", /(^|_)(phone|tel|telephone|telefon|mobile|cell|fax|gsm)(_?(no|num|number|nr))?($|_)/],
	["card", /(^|_)(card|cc|pan|credit_card)_?(no|num|number|nr)($|_)|(^|_)pan($|_)/],
	["iban", /(^|_)(iban|bank_account|account_number)($|_)/],
	[
		"national_id",
		/(^|_)(ssn|bsn|nir|nif|dni|nie|cpf|cnp|pesel|tax_?id|national_id|passport(_?(no|number))?)($|_)/,
	],
	[
		"person",
		/(^|_)((first|last|full|sur|given|family|middle|maiden)_?name|vorname|nachname|apellidos?|prenom)($|_)/,
	],
	["birth", /(^|_)(dob|birth_?(day|date)|date_of_birth|geburtsdatum|born(_on)?)($|_)/],
	["address", /(^|_)(street|address(_?line)?_?\d?|postal_?code|zip(_?code)?|postcode|strasse)($|_)/],
	["ip", /(^|_)(ip|ip_?addr(ess)?|remote_addr|client_ip)($|_)/],
	[
		"secret",
		/(^|_)(passw(or)?d|pwd|secret|api_?key|private_?key|(access|auth|refresh)_?token)(_?hash)?($|_)/,
	],
];

/** What a column's name suggests: `customerEmail` and `customer_email` alike. */
export function suggestedBy(name: string): string | null {
	const parts = name
		.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
		.replaceAll(/[\s-]+/g, "_")
		.toLowerCase();
	return NAMES.find(([, pattern]) => pattern.test(parts))?.[0] ?? null;
}

/** Looks at a column's values and counts. */
export class ColumnSurvey {
	readonly #detectors: Detectors;
	readonly #announced: ReturnType<Detectors["announcedBy"]>;
	readonly #named: string | null;
	#values = 0;
	readonly #found = new Map<string, number>();
	readonly #whole = new Map<string, number>();

	constructor(name: string, detectors: Detectors) {
		this.#detectors = detectors;
		this.#announced = detectors.announcedBy(name);
		this.#named = suggestedBy(name);
	}

	add(value: string): void {
		this.#values += 1;
		const bytes = Buffer.from(value.trim());
		const hits = this.#detectors.find({ bytes, start: 0, end: bytes.length }, this.#announced);
		for (const kind of new Set(hits.map((hit) => hit.kind))) count(this.#found, kind);
		const [only] = hits;
		if (only !== undefined && only.start === 0 && only.end === bytes.length) count(this.#whole, only.kind);
	}

	get evidence(): ColumnEvidence {
		return {
			values: this.#values,
			found: Object.fromEntries(this.#found),
			whole: Object.fromEntries(this.#whole),
			named: this.#named,
		};
	}
}

function count(counts: Map<string, number>, kind: string): void {
	counts.set(kind, (counts.get(kind) ?? 0) + 1);
}

/** Kinds of which the last characters help and tell little. */
const PARTIAL: Readonly<Record<string, number>> = { email: 0, phone: 2, card: 4, iban: 4 };
/** From this share of values on a column counts as one of a kind, and not as a text that has one now and then. */
const MOSTLY = 0.5;

/** What to do with a column of which so much is known; null where nothing suggests personal data. */
export function proposalOf({ values, found, whole, named }: ColumnEvidence): Proposal | null {
	const [kind, times] = Object.entries(whole).toSorted((a, b) => b[1] - a[1])[0] ?? ["", 0];
	const mostly = values > 0 && times / values >= MOSTLY ? kind : null;
	const masked = mostly ?? named;
	if (masked !== null) {
		const keep = PARTIAL[masked];
		return { way: "mask", transform: keep === undefined ? "redact" : "partial", keep: keep ?? 0 };
	}
	const detectors = Object.keys(found).toSorted();
	return detectors.length === 0 ? null : { way: "detect", detectors };
}
