/**
 * When the answer to one command is the answer to another without asking: when the inputs differ only in parts that
 * no rule reads. Worked out from the dependencies that `bundle build` puts into the manifest; a bundle without them
 * is asked each time.
 */
export interface Reuse {
	/** Some rule reads the command's text: only the same text is the same command then. */
	readonly text: boolean;
	/** The parts of `input.time` that some rule reads; an answer holds while they stay. */
	readonly time: readonly TimePart[];
}

export type TimePart = "hour" | "weekday";

/** What the manifest says of one rule set. */
interface Dependencies {
	readonly input: readonly string[];
	readonly nondeterministic?: readonly string[] | undefined;
}

const RULE_SETS = ["allow", "deny", "filter", "limit", "mask", "record", "require_approval"] as const;

/** The same from one command of a session to the next, or part of what the caller keeps answers by. */
const KEPT_BY =
	/^input\.(principal|connection|session|approvals|command\.(type|dialect|fingerprint|statements|writes))([.[]|$)/;
const TEXT = /^input\.command\.text$/;
const TIME = /^input\.time\.(hour|weekday)$/;

/** Null: nothing may be reused, because a rule reads what differs each time, or nobody knows what the rules read. */
export function reuseOf(sets: Readonly<Record<string, Dependencies>> | undefined): Reuse | null {
	let text = false;
	const time = new Set<TimePart>();
	for (const name of RULE_SETS) {
		const set = sets?.[name];
		if (set?.nondeterministic === undefined || set.nondeterministic.length > 0) return null;
		for (const input of set.input) {
			if (KEPT_BY.test(input)) continue;
			const part = TIME.exec(input)?.[1] as TimePart | undefined;
			if (part !== undefined) time.add(part);
			else if (TEXT.test(input)) text = true;
			else return null;
		}
	}
	return { text, time: [...time].sort() };
}
