import type { Verdict } from "./verdict.ts";

/** How a decision changes, the gravest first: that is the order of every list of them. */
export const CHANGES = [
	"newly-denied",
	"newly-held",
	"newly-allowed",
	"no-longer-denied",
	"no-longer-held",
	"masks",
	"limits",
	"record",
	"approvers",
	"reasons",
] as const;
export type Change = (typeof CHANGES)[number];

/** What each change means, for people. */
export const CHANGE_TITLES: Readonly<Record<Change, string>> = {
	"newly-denied": "Newly denied",
	"newly-held": "Newly held for approval",
	"newly-allowed": "Newly allowed (were denied)",
	"no-longer-denied": "Held for approval instead of denied",
	"no-longer-held": "Allowed without the approval that was needed",
	masks: "Other masks or row filters",
	limits: "Other limits",
	record: "Another level of recording",
	approvers: "Other approvals",
	reasons: "The same decision by other rules",
};

/** How the second decision differs from the first; null when it doesn't. What differs in the text alone is `reasons`. */
export function changeBetween(from: Verdict, to: Verdict): Change | null {
	if (from.action !== to.action) {
		if (to.action === "deny") return "newly-denied";
		if (from.action === "deny") return to.action === "allow" ? "newly-allowed" : "no-longer-denied";
		return to.action === "require_approval" ? "newly-held" : "no-longer-held";
	}
	if (to.action !== "deny") {
		if (from.masks !== to.masks) return "masks";
		if (from.limits !== to.limits) return "limits";
		if (from.approvals !== to.approvals) return "approvers";
	}
	if (from.record !== to.record) return "record";
	return from.rules.join() === to.rules.join() ? null : "reasons";
}

/** The rules that a change is put down to: the new decision's where it is stricter, else those that are gone. */
export function rulesBehind(change: Change, from: Verdict, to: Verdict): string {
	const rules = (() => {
		switch (change) {
			case "newly-allowed":
			case "no-longer-held":
				return from.rules;
			case "masks":
				return changed(from.maskRules, to.maskRules);
			case "reasons":
				return changed(from.rules, to.rules);
			default:
				return to.rules;
		}
	})();
	return rules.length === 0 ? "-" : rules.join(", ");
}

/** Rules that only one of the two names; all of the second's where both name the same. */
function changed(from: readonly string[], to: readonly string[]): readonly string[] {
	const difference = [
		...to.filter((rule) => !from.includes(rule)),
		...from.filter((rule) => !to.includes(rule)),
	];
	return difference.length > 0 ? difference : to;
}
