import { Secret } from "../../lib/index.ts";
import { readArchive } from "../bundle/archive.ts";
import type { Bundle } from "../bundle/bundle.ts";
import type { Candidate, InForce } from "../bundle/candidate.ts";
import type { BundleFiles, BundleLimits } from "../bundle/files.ts";
import type { Verification } from "../bundle/signature.ts";
import type { KeyConfig } from "../config.ts";
import type { ReadyPolicy } from "../engine/engine.ts";
import type { EngineLimits } from "../engine/limits.ts";
import { PolicyError, type PolicyErrorCode } from "../errors.ts";

/** What the policy thread is asked, in a form that can be handed from one thread to another. */
export type Job =
	| {
			readonly kind: "read";
			readonly content: PlainContent;
			/** `unverified`: a bundle that is only tried, whose signature is not looked at. */
			readonly verification: PlainVerification | "unverified" | undefined;
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

/** What crosses between threads loses its class. */
export type PlainContent =
	| { readonly archive: Uint8Array; readonly limits: BundleLimits }
	| { readonly files: ReadonlyMap<string, Uint8Array> };

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

/** The files of a bundle. Throws PolicyError. */
export async function filesOf(content: PlainContent): Promise<BundleFiles> {
	if ("archive" in content) return readArchive(content.archive, content.limits);
	return new Map([...content.files].map(([name, file]) => [name, asBuffer(file)]));
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
	return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}
