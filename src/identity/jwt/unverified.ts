import { decodeJwt } from "jose";
import { describeThrown } from "../../lib/index.ts";
import { IdentityError } from "../errors.ts";

/** It goes into the log before anybody has vouched for it. */
const MAX_ISSUER_LENGTH = 512;

/**
 * The `iss` of a token that nobody has checked yet. It may only choose which provider checks the token; that
 * provider then insists on its own issuer. Throws `token_invalid`.
 */
export function issuerOf(token: string): string {
	let issuer: unknown;
	try {
		issuer = decodeJwt(token).iss;
	} catch (error) {
		throw new IdentityError("token_invalid", undefined, {
			operator: `not a JWT: ${describeThrown(error)}`,
			cause: error,
		});
	}
	if (typeof issuer !== "string" || issuer.length > MAX_ISSUER_LENGTH) {
		throw new IdentityError("token_invalid", undefined, {
			operator: "the token's iss is missing or no issuer's name",
		});
	}
	return issuer;
}
