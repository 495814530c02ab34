import { isTail, numberBegins, numberEnds } from "../bytes.ts";
import type { Context } from "../context.ts";
import type { Text } from "../kinds.ts";
import type { NumberRun } from "../numbers.ts";
import { EASTERN } from "./eastern.ts";
import type { NumericId } from "./id.ts";
import { NORDIC } from "./nordic.ts";
import { WESTERN } from "./western.ts";
import { WORLD } from "./world.ts";

export { letteredFromDigit, letteredFromLetter } from "./lettered.ts";

const IDS: readonly NumericId[] = [...WESTERN, ...NORDIC, ...EASTERN, ...WORLD];

interface Form {
	readonly id: NumericId;
	readonly shape: readonly number[];
	/** What stands between the groups; empty for any of the id's separators. */
	readonly between: string;
	readonly digits: number;
	readonly needsWord: boolean;
	readonly family: number;
}

/** Finds national numbers that consist of digits. */
export class NationalNumbers {
	/** By the size of the first group. */
	readonly #forms: Form[][] = Array.from({ length: 25 }, () => []);
	readonly #context: Context;

	constructor(context: Context) {
		this.#context = context;
		for (const id of IDS) {
			const family = context.family(id.of, id.words);
			const written = (id.written ?? []).map((form) => ({
				shape: form.split(/[^#]/).map((group) => group.length),
				between: form.replaceAll("#", ""),
			}));
			for (const { shape, between } of [...id.shapes.map((shape) => ({ shape, between: "" })), ...written]) {
				const needsWord = id.alone === false || (id.alone === "grouped" && shape.length === 1);
				const digits = shape.reduce((sum, size) => sum + size, 0);
				this.#forms[shape[0] as number]?.push({ id, shape, between, digits, needsWord, family });
			}
		}
	}

	/** The number that the run begins with. */
	at(text: Text, run: NumberRun): { readonly of: string; readonly end: number } | null {
		for (const form of this.#forms[run.sizes[0] as number] as Form[]) {
			const { id, shape, between, digits, needsWord, family } = form;
			const fits = between === "" ? run.hasShape(shape, id.separators) : run.isWritten(shape, between);
			if (!fits || !id.valid(run.first[digits] as Uint8Array)) continue;
			const end = run.endOf(shape.length);
			if (!numberBegins(text, run.start) || !numberEnds(text, end)) continue;
			if (!needsWord && !isTail(text, run.start)) return { of: id.of, end };
			if (this.#context.announces(text, run.start, family)) return { of: id.of, end };
		}
		return null;
	}
}
