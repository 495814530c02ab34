import type { RuleEntry } from "../bundle/manifest.ts";

/** How often a rule accounted for what was decided. */
export interface RuleUse {
	/** `sallyport/command/deny` and so on; empty where a name is in no set that the bundle lists. */
	readonly set: string;
	readonly rule: string;
	readonly file: string;
	readonly line: number | null;
	/** Null where decisions don't tell: the rules of `limit` and `record`, and those that take their name from data. */
	readonly fired: number | null;
}

/** What of a decision names rules. */
export interface RulesOfDecision {
	readonly action: string;
	readonly rules: readonly string[];
	readonly maskRules: readonly string[];
}

const PREFIX = "sallyport/command/";
const TOLD = ["deny", "allow", "require_approval", "mask", "filter"];

/** Counts which rules of the command package decide. A rule that another one outdoes (an allow beside a deny) is not seen. */
export class RuleUses {
	readonly #rules: readonly RuleEntry[];
	readonly #fired = new Map<string, number>();

	constructor(rules: readonly RuleEntry[]) {
		this.#rules = rules.filter(({ set }) => set.startsWith(PREFIX));
	}

	add({ action, rules, maskRules }: RulesOfDecision): void {
		for (const rule of rules) this.#count(this.#setOf(rule, action), rule);
		for (const rule of maskRules)
			this.#count(this.#isIn("mask", rule) || !this.#isIn("filter", rule) ? "mask" : "filter", rule);
	}

	/** The rules that were never seen last. */
	list(): RuleUse[] {
		const seen = new Set<string>();
		const listed = this.#rules.map(({ set, rule, file, line }): RuleUse => {
			const short = set.slice(PREFIX.length);
			if (rule === null) return { set, rule: "(computed)", file, line, fired: null };
			seen.add(`${short} ${rule}`);
			return {
				set,
				rule,
				file,
				line,
				fired: TOLD.includes(short) ? (this.#fired.get(`${short} ${rule}`) ?? 0) : null,
			};
		});
		for (const [key, fired] of this.#fired) {
			const [short = "", ...name] = key.split(" ");
			if (!seen.has(key))
				listed.push({ set: PREFIX + short, rule: name.join(" "), file: "", line: null, fired });
		}
		return listed.sort((a, b) => (b.fired ?? -1) - (a.fired ?? -1));
	}

	/** A command that was approved is allowed for the reasons for which it was held. */
	#setOf(rule: string, action: string): string {
		if (action === "deny") return "deny";
		if (action === "require_approval") return "require_approval";
		return this.#isIn("require_approval", rule) && !this.#isIn("allow", rule) ? "require_approval" : "allow";
	}

	#isIn(set: string, rule: string): boolean {
		return this.#rules.some((each) => each.set === PREFIX + set && each.rule === rule);
	}

	#count(set: string, rule: string): void {
		const key = `${set} ${rule}`;
		this.#fired.set(key, (this.#fired.get(key) ?? 0) + 1);
	}
}
