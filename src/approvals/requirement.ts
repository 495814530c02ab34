import type { ApprovalRequirement } from "../commands/index.ts";
import type { Identity } from "../identity/index.ts";
import { parseDuration } from "../lib/index.ts";
import { ApprovalError } from "./errors.ts";

const ENTRY = /^(group|user):([^/]+)\/(.+)$/su;
const MAX_EXPIRES_MS = 7 * 86_400_000;

interface Entry {
	readonly type: "group" | "user";
	readonly provider: string;
	readonly name: string;
}

/** A requirement that was read and that somebody could meet. */
export interface ReadRequirement {
	readonly entries: readonly Entry[];
	readonly expiresMs: number;
}

/**
 * Reads `approvers` (`group:PROVIDER/NAME`, `user:PROVIDER/SUBJECT`), `min` and `expires` (at most 7 days). Throws
 * `approval_requirement_invalid` where one of them makes no sense, or fewer people are named than have to agree.
 */
export function readRequirement(requirement: ApprovalRequirement): ReadRequirement {
	const { rule, approvers, min, expires } = requirement;
	const invalid = (why: string) =>
		new ApprovalError(
			"approval_requirement_invalid",
			`The rule "${rule}" demands an approval that can't be given: ${why}`,
		);
	const expiresMs = parseDuration(expires);
	if (expiresMs === undefined || expiresMs <= 0 || expiresMs > MAX_EXPIRES_MS) {
		throw invalid(`expires is "${expires}", not a duration of up to 7 days.`);
	}
	if (!Number.isSafeInteger(min) || min < 1) throw invalid(`min is ${min}.`);
	const entries = approvers.map((approver) => {
		const [, type, provider, name] = ENTRY.exec(approver) ?? [];
		if (type === undefined || provider === undefined || name === undefined) {
			throw invalid(`"${approver}" is neither group:PROVIDER/NAME nor user:PROVIDER/SUBJECT.`);
		}
		return { type: type as Entry["type"], provider, name };
	});
	if (entries.length === 0) throw invalid("approvers is empty.");
	const people = new Set(
		entries.filter(({ type }) => type === "user").map(({ provider, name }) => `${provider}/${name}`),
	);
	if (entries.every(({ type }) => type === "user") && people.size < min) {
		throw invalid(`min is ${min} and approvers names ${people.size}.`);
	}
	return { entries, expiresMs };
}

/**
 * Whether somebody is among the approvers. By a group: people only, and only from providers marked `approvers:
 * true`. By name: whoever the rule names, an agent or service too.
 */
export function mayAnswer({ entries }: ReadRequirement, { principal, credential }: Identity): boolean {
	return entries.some(({ type, provider, name }) => {
		if (provider !== principal.provider) return false;
		if (type === "user") return name === principal.subject;
		return credential.mayApprove && principal.kind === "human" && principal.groups.includes(name);
	});
}
