import type { Credential } from "./credential.ts";

/**
 * When a session has to end, in milliseconds since the epoch; null when only a revocation ends it. `lifetime` is
 * `identity.session_lifetime`: `credential`, or milliseconds from the session's start, which then hold whatever the
 * credential's own expiry is (for issuers whose tokens live for minutes).
 */
export function sessionDeadline(
	credential: Credential,
	startedAt: number,
	lifetime: "credential" | number,
): number | null {
	return lifetime === "credential" ? credential.expiresAt : startedAt + lifetime;
}
