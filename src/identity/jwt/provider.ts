import { createHash } from "node:crypto";
import { errors, type JWTPayload, jwtVerify } from "jose";
import { type Clock, describeThrown, type Log } from "../../lib/index.ts";
import type { JwtProviderConfig } from "../config.ts";
import type { Identity } from "../credential.ts";
import { IdentityError } from "../errors.ts";
import { principalOf } from "./claims.ts";
import { IssuerKeys } from "./keys.ts";

/** Signatures by a private key only: with an HMAC the issuer's public key would be the secret. */
const ALGORITHMS = [
	...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
	...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];
/** How far the issuer's clock may be off, in seconds. */
const CLOCK_TOLERANCE_S = 10;
/** A token is taken for at most this long after it was issued, in seconds, whatever its `exp` says. */
const MAX_AGE_S = 24 * 3600;

/** A configured issuer whose JWTs are taken, if they were made for this audience. */
export class JwtProvider {
	readonly #config: JwtProviderConfig;
	readonly #keys: IssuerKeys;
	readonly #clock: Clock;

	/** Throws `identity_config_invalid`. */
	constructor(config: JwtProviderConfig, log: Log, clock: Clock) {
		this.#config = config;
		this.#keys = new IssuerKeys(config.issuer, config.jwks_uri, log);
		this.#clock = clock;
	}

	/** Throws `token_invalid`, `token_expired`, `token_too_large` or `identity_provider_unavailable`. */
	async authenticate(token: string): Promise<Identity> {
		const payload = await this.#verify(token);
		// Its proof would be needed as well, and none of the protocols carries one.
		if (payload["cnf"] !== undefined)
			throw refused("the token is bound to a key (cnf), so it is no bearer token");
		const principal = principalOf(payload, this.#config);
		const { exp, iat } = payload as { exp: number; iat: number };
		return {
			principal,
			credential: {
				id: `jwt:${createHash("sha256").update(token).digest("base64url").slice(0, 22)}`,
				kind: "jwt",
				expiresAt: Math.min(exp, iat + MAX_AGE_S) * 1000,
				// Who acts for another doesn't approve with the other's groups.
				mayApprove: this.#config.approvers && principal.on_behalf_of === null,
			},
		};
	}

	async #verify(token: string): Promise<JWTPayload> {
		const { issuer, audience } = this.#config;
		try {
			const { payload } = await jwtVerify(token, this.#keys.find, {
				algorithms: ALGORITHMS,
				issuer,
				audience,
				clockTolerance: CLOCK_TOLERANCE_S,
				// Demands an `iat`, and one that does not lie in the future.
				maxTokenAge: MAX_AGE_S,
				requiredClaims: ["exp", "sub"],
				currentDate: new Date(this.#clock.now()),
			});
			return payload;
		} catch (error) {
			if (error instanceof IdentityError) throw error;
			if (error instanceof errors.JWTExpired)
				throw new IdentityError("token_expired", undefined, { cause: error });
			throw refused(describeThrown(error), error);
		}
	}
}

function refused(why: string, cause?: unknown): IdentityError {
	return new IdentityError("token_invalid", undefined, { operator: why, cause });
}
