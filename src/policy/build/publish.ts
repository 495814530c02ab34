import type { BundleFiles } from "../bundle/files.ts";
import { type ExactObject, goJson, isExactObject, parseExact } from "../bundle/json.ts";
import { writeArchive } from "./archive.ts";
import { REGO_SIGNATURES, withoutModule } from "./rego-variant.ts";
import { SIGNATURES, type SigningKey, signFiles } from "./sign.ts";

export interface BuiltBundle {
	readonly revision: string;
	readonly sequence: number;
	/** A gzipped tarball. The same sources, sequence, OPA and RSA key (RS256 ...) give the same bytes. */
	readonly archive: Buffer;
}

/** The sequence that SOURCE_DATE_EPOCH (seconds) asks for, in milliseconds; undefined where it isn't set. */
export function epochSequence(): number | undefined {
	const seconds = Number(process.env["SOURCE_DATE_EPOCH"] || Number.NaN);
	return Number.isSafeInteger(seconds) ? seconds * 1000 : undefined;
}

/** The sequence of what is published now: milliseconds since the epoch, or those of SOURCE_DATE_EPOCH. */
export function defaultSequence(): number {
	return epochSequence() ?? Date.now();
}

/** Gives a bundle's files a new sequence and, with a key, a signature; a signature that was there is dropped. */
export async function publish(
	files: BundleFiles,
	sequence: number,
	signKey?: SigningKey,
): Promise<BuiltBundle> {
	const numbered = new Map(withMetadata(files, "sequence", sequence));
	numbered.delete(".signatures.json");
	numbered.delete(REGO_SIGNATURES);
	const archive = await writeArchive(signKey === undefined ? numbered : signBoth(numbered, signKey));
	const { revision } = JSON.parse(String(numbered.get(".manifest"))) as { revision?: string };
	return { revision: String(revision ?? ""), sequence, archive };
}

/** A bundle's files with a field of `metadata.sallyport` in their manifest, all else in it as it was written. */
export function withMetadata(files: BundleFiles, name: string, value: unknown): BundleFiles {
	const manifest = parseExact(".manifest", files.get(".manifest") ?? Buffer.from("{}")) as ExactObject;
	const own = objectIn(objectIn(manifest, "metadata"), "sallyport");
	own[name] = parseExact(name, Buffer.from(JSON.stringify(value)));
	return new Map([...files, [".manifest", Buffer.from(goJson(manifest))]]);
}

/** Signs the bundle and, within it, the variant that a server takes out of it for OPA. */
function signBoth(files: BundleFiles, signKey: SigningKey): BundleFiles {
	const variant = withoutModule(files);
	if (variant === undefined) return signFiles(files, signKey);
	const signature = signFiles(variant, signKey).get(SIGNATURES) as Buffer;
	return signFiles(new Map([...files, [REGO_SIGNATURES, signature]]), signKey);
}

/** The object of that name in another, made where it is missing. */
function objectIn(parent: ExactObject, key: string): ExactObject {
	const present = parent[key];
	if (isExactObject(present)) return present;
	const made: ExactObject = Object.create(null);
	parent[key] = made;
	return made;
}
