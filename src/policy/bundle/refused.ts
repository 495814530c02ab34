import { PolicyError } from "../errors.ts";

/** A bundle whose signature does not hold. */
export function refused(operator: string, cause?: unknown): PolicyError {
	return new PolicyError("bundle_signature", undefined, { operator, cause });
}
