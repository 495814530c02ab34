import type { Static } from "../lib/index.ts";
import type { Delegator, Principal } from "./principal.ts";

/** Somebody who stands behind a credential; by e-mail as well, since it links accounts of several providers. */
export interface Person extends Static<typeof Delegator> {
	readonly email: string | null;
}

/** An API token as it is stored. The token itself is shown once, when it is made, and kept nowhere. */
export interface ApiToken {
	readonly id: string;
	/** SHA-256 over the whole token; its secret has 256 random bits, so a slow hash would add nothing. */
	readonly hash: Uint8Array;
	readonly subject: string;
	readonly kind: Principal["kind"];
	readonly groups: readonly string[];
	/** Who made it and whoever stood behind them: none of these may approve what the token asks for. */
	readonly owners: readonly Person[];
	/** Milliseconds since the epoch, as the two below. */
	readonly createdAt: number;
	readonly expiresAt: number;
	readonly revokedAt: number | null;
}

/** Where API tokens are kept; implemented in `src/store`. Throws when the store can't be read or written. */
export interface TokenStore {
	insert(token: ApiToken): void;
	get(id: string): ApiToken | undefined;
	/** The newest first. */
	list(): ApiToken[];
	/** Marks it revoked; false when there is none, or it was revoked before. */
	revoke(id: string, at: number): boolean;
}
