import { type Identity, samePerson } from "../identity/index.ts";
import { ApprovalError } from "./errors.ts";
import type { ApprovalRecord } from "./record.ts";
import { mayAnswer, readRequirement } from "./requirement.ts";

const MAX_REASON_LENGTH = 2_000;

/** Throws unless the request still waits for answers. One whose time is over is expired, noticed or not. */
export function refuseSettled(record: ApprovalRecord, now: number): void {
	if (record.state === "expired" || (record.state === "pending" && record.expiresAt <= now)) {
		throw new ApprovalError("approval_expired");
	}
	if (record.state === "withdrawn") throw new ApprovalError("approval_withdrawn");
	if (record.state !== "pending") throw new ApprovalError("approval_already_answered");
}

/** Throws unless this person may answer: never one's own request, only an approver, once each. */
export function refuseAnswer(record: ApprovalRecord, by: Identity, reason: string | undefined): void {
	if (samePerson(record.principal, by.principal)) throw new ApprovalError("approval_own_request");
	if (!mayAnswer(readRequirement(record.requirement), by))
		throw new ApprovalError("approval_not_an_approver");
	if (record.answers.some((answer) => samePerson(answer.by, by.principal))) {
		throw new ApprovalError("approval_already_answered_by_you");
	}
	if (reason !== undefined && (reason.length > MAX_REASON_LENGTH || !reason.isWellFormed())) {
		throw new ApprovalError("approval_reason_invalid");
	}
}
