import { CONTEXTS, PLAIN_CONTEXTS } from "./contexts.ts";
import { HARD_CASES, type Labelled } from "./hard-cases.ts";
import { NEGATIVES } from "./negatives.ts";
import { NATIONAL } from "./numbers.ts";
import { Random } from "./random.ts";
import { type Made, NAMES, VALUES } from "./values.ts";

export type { Labelled };
export { NAMES };

const SEED = 20_260_501;
/** Texts of each kind that is made; of each national number; of each sort of negative. */
const OF_KIND = 100;
const OF_NUMBER = 12;
const OF_NEGATIVE = 18;

/** The labelled texts: the same ones in every run. Something over half of them have nothing to be found. */
export function corpus(): Labelled[] {
	const random = new Random(SEED);
	const texts: Labelled[] = [...HARD_CASES];
	for (const [kind, make] of Object.entries(VALUES)) {
		const contexts = kind === "private_key" || kind === "password" ? PLAIN_CONTEXTS : CONTEXTS;
		for (let i = 0; i < OF_KIND; i++) texts.push(placed(make(random), kind, random.of(contexts)));
	}
	for (const [of, { make, words }] of Object.entries(NATIONAL)) {
		for (let i = 0; i < OF_NUMBER; i++) {
			const value = make(random);
			const text = words.length === 0 ? value : `${random.of(words)} ${value}`;
			texts.push(placed({ text, value }, "national_id", random.of(CONTEXTS), of));
		}
	}
	for (const make of Object.values(NEGATIVES))
		for (let i = 0; i < OF_NEGATIVE; i++)
			texts.push({ text: random.of(CONTEXTS).replace("{}", () => make(random)), found: [] });
	return texts;
}

function placed({ text, value }: Made, kind: string, context: string, of?: string): Labelled {
	const found = { kind, value, ...(of === undefined ? {} : { of }) };
	return { text: context.replace("{}", () => text), found: [found] };
}
