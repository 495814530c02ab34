import type { ApprovalRequirement, Grant } from "../commands/index.ts";
import type { Principal } from "../identity/index.ts";
import type { Shown } from "./binding.ts";

/** `pending` turns once into one of the others; nothing leaves those. */
export const APPROVAL_STATES = ["pending", "granted", "denied", "expired", "withdrawn"] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];
export type SettledState = Exclude<ApprovalState, "pending">;

export const VERDICTS = ["approve", "deny"] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface Answer {
	readonly by: Principal;
	readonly verdict: Verdict;
	readonly reason: string | null;
	readonly at: number;
}

/** A request for an approval with its answers, as it is stored. Times are milliseconds since the epoch. */
export interface ApprovalRecord {
	readonly id: string;
	/** Counts the changes, so that of two that were made of the same version only one is stored. */
	readonly version: number;
	readonly state: ApprovalState;
	/** The policy's element verbatim, its defaults filled in. */
	readonly requirement: ApprovalRequirement;
	readonly principal: Principal;
	readonly session: string;
	readonly connection: string;
	/** The id of the command that asked first. */
	readonly command: string;
	readonly hash: string;
	readonly shown: Shown;
	readonly requestedAt: number;
	/** Measured from the request; ends the time to answer it and the time to use the grant alike. */
	readonly expiresAt: number;
	readonly settledAt: number | null;
	/** When a grant of scope `command` was used, or its session ended. */
	readonly spentAt: number | null;
	readonly answers: readonly Answer[];
}

/** A grant of scope `session` holds for the session; the other kind is used once. */
export function isForSession({ requirement }: ApprovalRecord): boolean {
	return requirement.scope === "session";
}

export function isUsable(record: ApprovalRecord, now: number): boolean {
	return record.state === "granted" && record.spentAt === null && record.expiresAt > now;
}

/** The grant as the policy sees it. Call it for granted records only. */
export function toGrant(record: ApprovalRecord): Grant {
	const { id, requirement, answers, settledAt, requestedAt, expiresAt } = record;
	return {
		id,
		requirement,
		scope: requirement.scope,
		approved_by: answers
			.filter(({ verdict }) => verdict === "approve")
			.map(({ by }) => ({ provider: by.provider, subject: by.subject, groups: by.groups })),
		approved_at: new Date(settledAt ?? requestedAt).toISOString(),
		expires_at: new Date(expiresAt).toISOString(),
	};
}
