import type { TargetError } from "../commands/index.ts";
import { describeThrown, SallyportError } from "../lib/index.ts";
import type { Reason } from "../policy/index.ts";

/** What a protocol tells the client, in its own form, of a command that does not pass. */
export interface Denial {
	/** A code of the product's closed set: `denied`, `approval_required`, `no_policy`, `record_unwritable` ... */
	readonly code: string;
	readonly message: string;
	/** Rule and decision id, for whoever asks why. */
	readonly detail: string | null;
	readonly remedy: string | null;
	/** When set, the target's own answer stands in place of the denial: the names do not resolve. */
	readonly target: TargetError | null;
}

/** Thrown by an analysis that knows what the target itself would answer: a syntax error, an unknown name. */
export class TargetRefusal extends Error {
	readonly target: TargetError;

	constructor(target: TargetError) {
		super(target.message);
		this.target = target;
	}
}

/** The policy's own refusal: `denied by policy: MESSAGE`, with rule and decision id, and the remedy. */
export function policyDenial(
	reasons: readonly Reason[],
	decisionId: string,
	target: TargetError | null,
): Denial {
	const messages = unique(reasons.map((reason) => reason.message));
	const remedies = unique(reasons.flatMap((reason) => (reason.remedy === null ? [] : [reason.remedy])));
	return {
		code: "denied",
		message: `denied by policy: ${messages.join("; ")}`,
		detail: `rule ${unique(reasons.map((reason) => reason.rule)).join(", ")}, decision ${decisionId}`,
		remedy: remedies.length === 0 ? null : remedies.join("; "),
		target,
	};
}

/** A refusal that comes from anything thrown on the way: everything that goes wrong ends here, as a denial. */
export function failureDenial(thrown: unknown, decisionId: string | null = null): Denial {
	const detail = decisionId === null ? null : `decision ${decisionId}`;
	if (thrown instanceof TargetRefusal)
		return {
			code: "refused_by_grammar",
			message: thrown.message,
			detail,
			remedy: null,
			target: thrown.target,
		};
	if (thrown instanceof SallyportError)
		return { code: thrown.code, message: thrown.message, detail, remedy: thrown.remedy, target: null };
	return {
		code: "internal",
		message: "the gateway could not judge the command",
		detail,
		remedy: `tell the operator of the gateway; its log has the cause (${describeThrown(thrown).slice(0, 80)})`,
		target: null,
	};
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
