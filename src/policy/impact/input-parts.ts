import { timeContext } from "../../commands/index.ts";
import type { Reuse } from "../reuse.ts";

/** The parts of one input of `sallyport/command/decision`; the first two repeat from command to command. */
export interface InputParts {
	/** Principal, connection and session as JSON, without the brace that closes it. */
	readonly who: string;
	/** `input.command` without text, stage and parameters as JSON, without the brace that closes it. */
	readonly meaning: string;
	readonly text: string;
	readonly stage: "parse" | "execute";
	/** JSON. */
	readonly parameters: string;
	readonly approvals: string;
	/** Milliseconds since the epoch. */
	readonly at: number;
}

/** The input, equal to what the policy was given but for the order of its keys. */
export function inputText({ who, meaning, text, stage, parameters, approvals, at }: InputParts): string {
	const time = JSON.stringify(timeContext(at));
	const command = `${meaning},"text":${JSON.stringify(text)},"stage":"${stage}","parameters":${parameters}}`;
	return `${who},"time":${time},"approvals":${approvals},"command":${command}}`;
}

/** Kept texts; beyond that all are forgotten, which costs evaluations and nothing else. */
const MAX_KNOWN = 200_000;

/**
 * Tells inputs that are sure to get the same answer from several policies by one key: they differ only in what no
 * rule of any of them reads. Null where a policy has to be asked each time.
 */
export class SameAnswer {
	readonly #text: boolean;
	readonly #hour: boolean;
	readonly #weekday: boolean;
	readonly #possible: boolean;
	readonly #numbers = new Map<string, number>();

	constructor(reuses: readonly (Reuse | null)[]) {
		this.#possible = reuses.every((reuse) => reuse !== null);
		this.#text = reuses.some((reuse) => reuse?.text === true);
		this.#hour = reuses.some((reuse) => reuse?.time.includes("hour") === true);
		this.#weekday = reuses.some((reuse) => reuse?.time.includes("weekday") === true);
	}

	keyOf({ who, meaning, text, stage, approvals, at }: InputParts): string | null {
		if (!this.#possible) return null;
		const date = new Date(at);
		const parts = [
			this.#number(who),
			this.#number(meaning),
			stage,
			approvals === "[]" ? "" : this.#number(approvals),
			this.#text ? this.#number(text) : "",
			this.#hour ? date.getUTCHours() : "",
			this.#weekday ? date.getUTCDay() : "",
		];
		return parts.join(" ");
	}

	/** A short name for a long text. */
	#number(text: string): number {
		let number = this.#numbers.get(text);
		if (number === undefined) {
			number = this.#next++;
			if (this.#numbers.size >= MAX_KNOWN) this.#numbers.clear();
			this.#numbers.set(text, number);
		}
		return number;
	}

	#next = 0;
}
