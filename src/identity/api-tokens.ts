import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { type Clock, newId } from "../lib/index.ts";
import type { Identity } from "./credential.ts";
import { IdentityError } from "./errors.ts";
import { groupProblem, subjectProblem } from "./names.ts";
import type { Principal } from "./principal.ts";
import { GATEWAY_CLAIM, peopleBehind } from "./same-person.ts";
import type { ApiToken, Person, TokenStore } from "./token-store.ts";

/** The provider and issuer of principals that present API tokens. Never an issuer's URL, so they can't be mixed up. */
export const API_PROVIDER = "api";
export const API_ISSUER = "sallyport";

const FORMAT = /^sp_([0-9a-hjkmnp-tv-z]{26})_[0-9a-f]{64}$/;
const MAX_LIFETIME_MS = 366 * 86_400_000;
const MAX_OWNERS = 8;
const NO_HASH = Buffer.alloc(32);

export interface ApiTokenRequest {
	readonly subject: string;
	readonly kind: Principal["kind"];
	readonly groups: readonly string[];
	/** Milliseconds since the epoch. */
	readonly expiresAt: number;
}

/**
 * Tokens that the gateway issues itself: `sp_ID_SECRET`. Their groups never count for approvals: whoever may make
 * a token chooses its groups.
 */
export class ApiTokens {
	readonly #store: TokenStore;
	readonly #clock: Clock;
	readonly #revoked: (id: string) => void;

	/** `revoked` is told each token's id once it is revoked. */
	constructor(store: TokenStore, clock: Clock, revoked: (id: string) => void) {
		this.#store = store;
		this.#clock = clock;
		this.#revoked = revoked;
	}

	/** Makes a token for `request`, owned by `by`. The text is answered here once. Throws `token_request_invalid`. */
	create(request: ApiTokenRequest, by: Principal): { token: string; record: ApiToken } {
		const now = this.#clock.now();
		const problem = requestProblem(request, now);
		if (problem !== undefined) throw new IdentityError("token_request_invalid", problem);
		const id = newId(now);
		const token = `sp_${id}_${randomBytes(32).toString("hex")}`;
		const { subject, kind, groups, expiresAt } = request;
		const owners = distinctOwners(by);
		const record: ApiToken = {
			id,
			hash: hashOf(token),
			subject,
			kind,
			groups: [...groups],
			owners,
			createdAt: now,
			expiresAt,
			revokedAt: null,
		};
		this.#store.insert(record);
		return { token, record };
	}

	/** The newest first, revoked and expired ones too. */
	list(): ApiToken[] {
		return this.#store.list();
	}

	get(id: string): ApiToken | undefined {
		return this.#store.get(id);
	}

	/** Ends a token for good, and with it its open sessions. Doing it twice is no error. Throws `token_unknown`. */
	revoke(id: string): void {
		if (this.#store.get(id) === undefined) throw new IdentityError("token_unknown");
		if (this.#store.revoke(id, this.#clock.now())) this.#revoked(id);
	}

	/** Whether a text is meant as one of these tokens, right or wrong. */
	static looksLike(token: string): boolean {
		return token.startsWith("sp_");
	}

	/** Throws `token_invalid`, `token_revoked` or `token_expired`. */
	authenticate(token: string): Identity {
		const id = FORMAT.exec(token)?.[1];
		const record = id === undefined ? undefined : this.#store.get(id);
		// Compared even where there is no such token, so that the time doesn't tell which ids exist.
		const equal = timingSafeEqual(hashOf(token), record?.hash ?? NO_HASH);
		if (record === undefined || !equal) throw new IdentityError("token_invalid");
		if (record.revokedAt !== null) throw new IdentityError("token_revoked");
		if (record.expiresAt <= this.#clock.now()) throw new IdentityError("token_expired");
		return identityOf(record);
	}
}

function identityOf(record: ApiToken): Identity {
	const { id, subject, kind, groups, owners, expiresAt } = record;
	return {
		principal: {
			subject,
			kind,
			provider: API_PROVIDER,
			issuer: API_ISSUER,
			email: null,
			groups: [...groups],
			claims: { [GATEWAY_CLAIM]: { token: id, owners } },
			on_behalf_of: null,
		},
		credential: { id, kind: "api", expiresAt, mayApprove: false },
	};
}

function requestProblem(request: ApiTokenRequest, now: number): string | undefined {
	const { subject, groups, expiresAt } = request;
	if (!Number.isSafeInteger(expiresAt) || expiresAt <= now)
		return "The token's expiry has to lie in the future.";
	if (expiresAt > now + MAX_LIFETIME_MS) return "A token lives for at most 366 days.";
	return subjectProblem(subject) ?? groupProblem(groups);
}

/** A token made with a token keeps the owners of that one: the chain of people is never shortened. */
function distinctOwners(by: Principal): Person[] {
	const owners = new Map(
		peopleBehind(by).map((person) => [JSON.stringify([person.issuer, person.subject]), person]),
	);
	if (owners.size > MAX_OWNERS) {
		throw new IdentityError("token_request_invalid", "Too many tokens were made one with the other.", {
			remedy: "Make it with a token of your identity provider.",
		});
	}
	return [...owners.values()];
}

function hashOf(token: string): Buffer {
	return createHash("sha256").update(token).digest();
}
