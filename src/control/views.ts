import type { ApiToken, Lock, Principal } from "../identity/index.ts";
import type { BundleStatus } from "../policy/index.ts";
import type { PrincipalView } from "./schemas/common.ts";
import type { LockView } from "./schemas/locks.ts";
import type { BundleStatusView } from "./schemas/policy.ts";
import type { TokenView } from "./schemas/tokens.ts";

export function principalView(principal: Principal): PrincipalView {
	const { subject, kind, provider, issuer, email, groups, on_behalf_of } = principal;
	return { subject, kind, provider, issuer, email, groups, on_behalf_of };
}

/** A token without its hash. */
export function tokenView(token: ApiToken): TokenView {
	const { id, subject, kind, groups, owners, createdAt, expiresAt, revokedAt } = token;
	return {
		id,
		subject,
		kind,
		groups: [...groups],
		owners: owners.map(({ subject, provider, issuer }) => ({ subject, provider, issuer })),
		created_at: instant(createdAt),
		expires_at: instant(expiresAt),
		revoked_at: revokedAt === null ? null : instant(revokedAt),
	};
}

export function lockView({ id, target, message, createdAt, createdBy, expiresAt }: Lock): LockView {
	return {
		id,
		target,
		message,
		created_at: instant(createdAt),
		created_by: createdBy,
		expires_at: expiresAt === null ? null : instant(expiresAt),
	};
}

export function bundleStatusView(status: BundleStatus): BundleStatusView {
	const time = (ms: number | null) => (ms === null ? null : instant(ms));
	const { error } = status;
	return {
		name: status.name,
		active_revision: status.activeRevision,
		active_sequence: status.activeSequence,
		type: status.type,
		origin: status.origin,
		last_attempt: time(status.lastAttempt),
		last_successful_request: time(status.lastSuccessfulRequest),
		last_activation: time(status.lastActivation),
		failures: status.failures,
		error:
			error === null
				? null
				: { code: error.code, message: error.message, remedy: error.remedy, http_status: error.httpStatus },
	};
}

/** RFC 3339 in UTC, from milliseconds since the epoch. */
export function instant(ms: number): string {
	return new Date(ms).toISOString();
}
