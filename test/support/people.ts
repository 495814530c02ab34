import type { Credential, Identity, JwtProviderConfig, Principal } from "../../src/identity/index.ts";
import type { Log } from "../../src/lib/index.ts";

export function makePrincipal(given: Partial<Principal> = {}): Principal {
	return {
		subject: "agent-7",
		kind: "agent",
		provider: "corp",
		issuer: "https://id.corp.test",
		email: null,
		groups: [],
		claims: {},
		on_behalf_of: null,
		...given,
	};
}

/** Somebody of the group `dba` of a provider that counts for approvals. */
export function makeApprover(given: Partial<Principal> = {}, credential: Partial<Credential> = {}): Identity {
	return {
		principal: makePrincipal({ subject: "dana", kind: "human", groups: ["dba"], ...given }),
		credential: { id: "jwt:test", kind: "jwt", expiresAt: null, mayApprove: true, ...credential },
	};
}

export function makeProvider(issuer: string, given: Partial<JwtProviderConfig> = {}): JwtProviderConfig {
	return {
		name: "ci",
		type: "jwt",
		issuer,
		audience: "sallyport",
		kind: "agent",
		groups_claim: "groups",
		approvers: false,
		...given,
	};
}

/** A log that keeps what it is told. */
export function makeLog(): Log & { readonly lines: { fields: object; message: string }[] } {
	const lines: { fields: object; message: string }[] = [];
	const write = (fields: object, message: string) => void lines.push({ fields, message });
	return { lines, debug: write, info: write, warn: write, error: write };
}

export const LOOPBACK = { address: "127.0.0.1", loopback: true };
export const ELSEWHERE = { address: "192.0.2.7", loopback: false };
