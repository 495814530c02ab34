import { Secret } from "../../lib/index.ts";
import type { Bundle } from "../bundle/bundle.ts";
import type { BundleFiles } from "../bundle/files.ts";
import type { Verification } from "../bundle/signature.ts";
import type { ReadyPolicy } from "../engine/engine.ts";
import type { EngineLimits } from "../engine/limits.ts";
import { PolicyError, type PolicyErrorCode } from "../errors.ts";

/** What the policy thread is asked, in a form that can be handed from one thread to another. */
export type Job =
	| {
			readonly kind: "read";
			readonly files: ReadonlyMap<string, Uint8Array>;
			readonly verification: PlainVerification | undefined;
	  }
	| {
			readonly kind: "assemble";
			readonly bundles: ReadonlyMap<string, Bundle>;
			readonly limits: EngineLimits;
	  };

export type Answer =
	| { readonly id: number; readonly value: Bundle | ReadyPolicy | undefined }
	| { readonly id: number; readonly failure: PlainError };

/** A verification whose key was revealed: it doesn't leave the process. */
export interface PlainVerification {
	readonly signing: Verification["signing"];
	readonly key: Omit<Verification["key"], "key"> & { readonly key: string };
}

export function plainVerification(verification: Verification | undefined): PlainVerification | undefined {
	if (verification === undefined) return undefined;
	const { signing, key } = verification;
	return { signing, key: { ...key, key: key.key.reveal() } };
}

export function toVerification(plain: PlainVerification | undefined): Verification | undefined {
	if (plain === undefined) return undefined;
	return { signing: plain.signing, key: { ...plain.key, key: new Secret(plain.key.key) } };
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
