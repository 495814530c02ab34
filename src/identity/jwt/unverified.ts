import { decodeJwt } from "jose";
import { describeThrown } from "../../lib/index.ts";
import { IdentityError } from "../errors.ts";

/**
 * The `iss` of a token that nobody has checked yet. It may only choose which provider checks the token; that
 * provider then insists on its own issuer. Throws `token_invalid`.
 */
export function issuerOf(token: string): string {
	let issuer: string | undefined;
	try {
		issuer = decodeJwt(token).iss;
	} catch (error) {
		throw new IdentityError("token_invalid", undefined, {
			operator: `not a JWT: ${describeThrown(error)}`,
			cause: error,
		});
	}
	if (issuer === undefined)
		throw new IdentityError("token_invalid", undefined, { operator: "the token has no iss" });
	return issuer;
}
