import { Secret } from "../../lib/index.ts";
import type { Bundle } from "../bundle/bundle.ts";
import type { Candidate, InForce } from "../bundle/candidate.ts";
import type { BundleFiles } from "../bundle/files.ts";
import type { Verification } from "../bundle/signature.ts";
import type { KeyConfig } from "../config.ts";
import type { ReadyPolicy } from "../engine/engine.ts";
import type { EngineLimits } from "../engine/limits.ts";
import { PolicyError, type PolicyErrorCode } from "../errors.ts";

/** What the policy thread is asked, in a form that can be handed from one thread to another. */
export type Job =
	| {
			readonly kind: "read";
			readonly files: ReadonlyMap<string, Uint8Array>;
			readonly verification: PlainVerification | undefined;
			readonly over: InForce;
	  }
	| {
			readonly kind: "assemble";
			readonly bundles: ReadonlyMap<string, Bundle>;
			readonly limits: EngineLimits;
	  }
	| {
			readonly kind: "discover";
			readonly bundle: Bundle;
			readonly decision: string;
			readonly now: number;
	  };

export type Answer =
	| { readonly id: number; readonly value: Candidate | ReadyPolicy | string | undefined }
	| { readonly id: number; readonly failure: PlainError };

/** A verification whose keys were revealed: it doesn't leave the process. */
export interface PlainVerification extends Omit<Verification, "keys"> {
	readonly keys: readonly PlainKey[];
}

interface PlainKey {
	readonly name: string;
	readonly algorithm: KeyConfig["algorithm"];
	readonly key: string;
	readonly scope: string;
}

export function plainVerification(verification: Verification | undefined): PlainVerification | undefined {
	if (verification === undefined) return undefined;
	const keys = Object.entries(verification.keys).map(([name, { algorithm, key, scope = "" }]) => ({
		name,
		algorithm,
		key: key?.reveal() ?? "",
		scope,
	}));
	return { ...verification, keys };
}

export function toVerification(plain: PlainVerification | undefined): Verification | undefined {
	if (plain === undefined) return undefined;
	const keys = plain.keys.map(({ name, key, ...rest }) => [name, { ...rest, key: new Secret(key) }] as const);
	return { ...plain, keys: Object.fromEntries(keys) };
}

/** A PolicyError without its cause. */
export interface PlainError {
	readonly code: PolicyErrorCode;
	readonly message: string;
	readonly operator: string | undefined;
	readonly remedy: string;
}

export function plainError({ code, message, operator, remedy }: PolicyError): PlainError {
	return { code, message, operator, remedy };
}

export function toError({ code, message, operator, remedy }: PlainError): PolicyError {
	return new PolicyError(code, message, { remedy, ...(operator === undefined ? {} : { operator }) });
}

/** As files of a bundle again: what crosses between threads loses its class. */
export function toFiles(files: ReadonlyMap<string, Uint8Array>): BundleFiles {
	return new Map([...files].map(([name, content]) => [name, asBuffer(content)]));
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
	return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}
