import { createHash, timingSafeEqual } from "node:crypto";
import type { StaticTokenConfig } from "./config.ts";
import type { Identity, Peer } from "./credential.ts";
import { IdentityError } from "./errors.ts";
import { groupProblem, subjectProblem } from "./names.ts";

/** The provider and issuer of principals that present static tokens; the provider counts as `approvers: true`. */
export const STATIC_PROVIDER = "static";

interface Entry {
	readonly hash: Buffer;
	readonly identity: Identity;
}

/** Tokens written in the configuration, for development and tests: they never expire and can't be revoked. */
export class StaticTokens {
	readonly #entries: readonly Entry[];

	/** Throws `identity_config_invalid` where two entries share a token or a name is unusable. */
	constructor(configs: readonly StaticTokenConfig[]) {
		const seen = new Set<string>();
		this.#entries = configs.map((config) => {
			const token = config.token.reveal();
			const problem =
				token.length === 0 ? "it is empty" : seen.has(token) ? "another entry has the same" : undefined;
			const wrong = problem ?? subjectProblem(config.subject) ?? groupProblem(config.groups);
			if (wrong !== undefined) {
				throw new IdentityError(
					"identity_config_invalid",
					`The static token of "${config.subject}" can't be taken: ${wrong}`,
				);
			}
			seen.add(token);
			return { hash: hashOf(token), identity: identityOf(config) };
		});
	}

	/**
	 * The identity of a static token, undefined for any other text. Every entry is compared, each in constant time.
	 * Throws `static_token_not_loopback` when a right one comes from another machine.
	 */
	authenticate(token: string, from: Peer): Identity | undefined {
		const hash = hashOf(token);
		let found: Identity | undefined;
		for (const entry of this.#entries) if (timingSafeEqual(entry.hash, hash)) found = entry.identity;
		if (found !== undefined && !from.loopback) throw new IdentityError("static_token_not_loopback");
		return found;
	}
}

function identityOf({ subject, kind, groups }: StaticTokenConfig): Identity {
	return {
		principal: {
			subject,
			kind,
			provider: STATIC_PROVIDER,
			issuer: STATIC_PROVIDER,
			email: null,
			groups: [...groups],
			claims: {},
			on_behalf_of: null,
		},
		credential: { id: `static:${subject}`, kind: "static", expiresAt: null, mayApprove: true },
	};
}

function hashOf(token: string): Buffer {
	return createHash("sha256").update(token).digest();
}
