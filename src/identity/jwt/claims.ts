import type { JWTPayload } from "jose";
import type { JwtProviderConfig } from "../config.ts";
import { IdentityError } from "../errors.ts";
import { groupProblem, subjectProblem } from "../names.ts";
import type { Principal } from "../principal.ts";
import { GATEWAY_CLAIM } from "../same-person.ts";

const MAX_CLAIMS_BYTES = 8 * 1024;
const MAX_DEPTH = 16;

/**
 * The principal that a verified token speaks of. Whatever can't be taken as a whole makes the token invalid: a
 * group or a claim left out would slip past a rule that denies by it. With `act` (RFC 8693) the actor is the
 * principal and the token's subject is the one it acts for; the groups are the token's. Throws `token_invalid`.
 */
export function principalOf(payload: JWTPayload, provider: JwtProviderConfig): Principal {
	const subject = nameOf(payload.sub, "sub");
	const actor = actorOf(payload, provider.issuer);
	return {
		subject: actor ?? subject,
		// A person whom somebody else acts for does not sit there: approvers have to be human.
		kind: actor !== undefined && provider.kind === "human" ? "agent" : provider.kind,
		provider: provider.name,
		issuer: provider.issuer,
		email: actor === undefined ? emailOf(payload) : null,
		groups: groupsOf(payload, provider.groups_claim),
		claims: claimsOf(payload),
		on_behalf_of: actor === undefined ? null : { subject, provider: provider.name, issuer: provider.issuer },
	};
}

function actorOf(payload: JWTPayload, issuer: string): string | undefined {
	const act = payload["act"];
	if (act === undefined) return undefined;
	if (typeof act !== "object" || act === null || Array.isArray(act)) throw invalid("act is not an object");
	const { sub, iss } = act as { sub?: unknown; iss?: unknown };
	// An issuer speaks for its own subjects only.
	if (iss !== undefined && iss !== issuer) throw invalid("act names another issuer's subject");
	return nameOf(sub, "act.sub");
}

function emailOf(payload: JWTPayload): string | null {
	const email = payload["email"];
	if (email === undefined || email === null || payload["email_verified"] === false) return null;
	return nameOf(email, "email");
}

function groupsOf(payload: JWTPayload, claim: string): string[] {
	const value = Object.hasOwn(payload, claim) ? payload[claim] : undefined;
	if (value === undefined) {
		const elsewhere = payload["_claim_names"];
		if (typeof elsewhere === "object" && elsewhere !== null && claim in elsewhere) {
			throw invalid(`the claim ${claim} is not in the token but distributed (too many groups)`);
		}
		return [];
	}
	const groups = typeof value === "string" ? [value] : value;
	if (!Array.isArray(groups) || !groups.every((group) => typeof group === "string")) {
		throw invalid(`the claim ${claim} is not a list of strings`);
	}
	const problem = groupProblem(groups);
	if (problem !== undefined) throw invalid(`the claim ${claim}: ${problem}`);
	return [...new Set(groups)];
}

function claimsOf(payload: JWTPayload): Record<string, unknown> {
	const claims = Object.fromEntries(Object.entries(payload).filter(([name]) => name !== GATEWAY_CLAIM));
	if (!isPlain(claims, MAX_DEPTH)) throw invalid("its claims are nested too deep or hold lone surrogates");
	if (Buffer.byteLength(JSON.stringify(claims)) > MAX_CLAIMS_BYTES) {
		throw new IdentityError("token_too_large", "The token's claims are larger than 8 KiB.");
	}
	return claims;
}

/** Whether the policy engine can take it: bounded depth, and text that has a UTF-8 form. */
function isPlain(value: unknown, depth: number): boolean {
	if (typeof value === "string") return value.isWellFormed();
	if (typeof value !== "object" || value === null) return true;
	if (depth === 0) return false;
	return Object.entries(value).every(([name, inner]) => name.isWellFormed() && isPlain(inner, depth - 1));
}

function nameOf(value: unknown, claim: string): string {
	if (typeof value !== "string") throw invalid(`${claim} is not a string`);
	const problem = subjectProblem(value);
	if (problem !== undefined) throw invalid(`${claim}: ${problem}`);
	return value;
}

function invalid(why: string): IdentityError {
	return new IdentityError("token_invalid", undefined, { operator: why });
}
