import type { RuleEntry } from "../bundle/manifest.ts";
import { CHANGES, type Change, changeBetween, rulesBehind } from "./change.ts";
import { type CostSummary, Costs } from "./costs.ts";
import { type RuleUse, RuleUses } from "./rule-uses.ts";
import type { Verdict } from "./verdict.ts";

/** Who ran a recorded command, where and when. */
export interface ReplayedCommand {
	/** The decision's id. */
	readonly id: string;
	readonly session: string;
	/** RFC 3339. */
	readonly time: string;
	/** `provider/subject`. */
	readonly principal: string;
	readonly connection: string;
	readonly text: string;
}

/** One decision that changes. */
export interface ChangedDecision extends ReplayedCommand {
	readonly change: Change;
	readonly rule: string;
	readonly from: Side;
	readonly to: Side;
}

interface Side {
	readonly action: string;
	readonly rules: readonly string[];
	readonly message: string;
	readonly cost: number;
}

/** Changes of one kind, by one rule, for one principal on one connection. */
export interface ChangeGroup {
	readonly change: Change;
	readonly rule: string;
	readonly principal: string;
	readonly connection: string;
	readonly count: number;
	readonly examples: readonly ChangedDecision[];
}

export interface ImpactReport {
	readonly running: string;
	readonly candidate: string;
	readonly replayed: number;
	/** Commands of the time whose input the record can't give again, by why. */
	readonly skipped: Readonly<Record<string, number>>;
	/**
	 * Commands that the running revision itself decided and, asked again, decides otherwise: limits have changed. What
	 * it allowed it is not asked again: the record holds the answer.
	 */
	readonly drifted: number;
	/** Commands decided with data that is kept no more: both were asked with the data in force now. */
	readonly other_data: number;
	/**
	 * Evaluations by either policy that were needed: equal commands are asked about once, and what the record answers
	 * for the running policy isn't asked again.
	 */
	readonly evaluated: number;
	readonly milliseconds: number;
	readonly changes: Readonly<Record<Change, number>>;
	readonly groups: readonly ChangeGroup[];
	readonly cost: {
		readonly running: CostSummary;
		readonly candidate: CostSummary;
		/** Commands on which the candidate fails where the running policy doesn't: by its budget, a builtin ... */
		readonly newly_failing: number;
	};
	/** How often each of the candidate's rules accounted for a decision. */
	readonly rules: readonly RuleUse[];
}

const EXAMPLES = 3;
/** Of a text that is shown; whoever needs all of it finds it by its id. */
const TEXT = 200;
/** Groups are kept up to this many; what comes later is counted in `changes` alone. */
const MAX_GROUPS = 5_000;

/** Gathers what a replay finds. */
export class ImpactTally {
	readonly #groups = new Map<
		string,
		{ group: Omit<ChangeGroup, "count" | "examples">; count: number; examples: ChangedDecision[] }
	>();
	readonly #changes = Object.fromEntries(CHANGES.map((change) => [change, 0])) as Record<Change, number>;
	readonly #skipped: Record<string, number> = {};
	readonly #costs = { running: new Costs(), candidate: new Costs() };
	readonly #uses: RuleUses;
	#replayed = 0;
	#drifted = 0;
	#failing = 0;
	#otherData = 0;

	constructor(rules: readonly RuleEntry[]) {
		this.#uses = new RuleUses(rules);
	}

	get replayed(): number {
		return this.#replayed;
	}

	skip(why: string): void {
		this.#skipped[why] = (this.#skipped[why] ?? 0) + 1;
	}

	withOtherData(): void {
		this.#otherData++;
	}

	/** @param drifted the running revision decided the command itself, and otherwise than now */
	add(command: ReplayedCommand, from: Verdict, to: Verdict, drifted: boolean): ChangedDecision | null {
		this.#replayed++;
		if (drifted) this.#drifted++;
		if (to.failed && !from.failed) this.#failing++;
		this.#costs.running.add(from.cost);
		this.#costs.candidate.add(to.cost);
		this.#uses.add(to);
		const change = changeBetween(from, to);
		if (change === null) return null;
		this.#changes[change]++;
		const rule = rulesBehind(change, from, to);
		const changed = { ...shortened(command), change, rule, from: side(from), to: side(to) };
		this.#group(changed);
		return changed;
	}

	report(facts: Pick<ImpactReport, "running" | "candidate" | "evaluated" | "milliseconds">): ImpactReport {
		const groups = [...this.#groups.values()].map(({ group, count, examples }) => ({
			...group,
			count,
			examples,
		}));
		groups.sort((a, b) => CHANGES.indexOf(a.change) - CHANGES.indexOf(b.change) || b.count - a.count);
		return {
			...facts,
			replayed: this.#replayed,
			skipped: this.#skipped,
			drifted: this.#drifted,
			other_data: this.#otherData,
			changes: this.#changes,
			groups,
			cost: {
				running: this.#costs.running.summary(),
				candidate: this.#costs.candidate.summary(),
				newly_failing: this.#failing,
			},
			rules: this.#uses.list(),
		};
	}

	#group(changed: ChangedDecision): void {
		const { change, rule, principal, connection } = changed;
		const key = JSON.stringify([change, rule, principal, connection]);
		let group = this.#groups.get(key);
		if (group === undefined) {
			if (this.#groups.size >= MAX_GROUPS) return;
			group = { group: { change, rule, principal, connection }, count: 0, examples: [] };
			this.#groups.set(key, group);
		}
		group.count++;
		const { examples } = group;
		if (examples.length < EXAMPLES && examples.every(({ text }) => text !== changed.text))
			examples.push(changed);
	}
}

function side({ action, rules, message, cost }: Verdict): Side {
	return { action, rules, message, cost };
}

function shortened({ id, session, time, principal, connection, text }: ReplayedCommand): ReplayedCommand {
	const short = text.length <= TEXT ? text : `${text.slice(0, TEXT)} ...`;
	return { id, session, time, principal, connection, text: short };
}
