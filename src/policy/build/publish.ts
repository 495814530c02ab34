import type { BundleFiles } from "../bundle/files.ts";
import { ExactNumber, type ExactObject, goJson, isExactObject, parseExact } from "../bundle/json.ts";
import { writeArchive } from "./archive.ts";
import { type SigningKey, signFiles } from "./sign.ts";

export interface BuiltBundle {
	readonly revision: string;
	readonly sequence: number;
	/** A gzipped tarball. The same sources, sequence, OPA and RSA key (RS256 ...) give the same bytes. */
	readonly archive: Buffer;
}

/** Milliseconds since the epoch, or those of SOURCE_DATE_EPOCH, which is in seconds. */
export function defaultSequence(): number {
	const seconds = Number(process.env["SOURCE_DATE_EPOCH"] || Number.NaN);
	return Number.isSafeInteger(seconds) ? seconds * 1000 : Date.now();
}

/** Gives a bundle's files a new sequence and, with a key, a signature; a signature that was there is dropped. */
export async function publish(
	files: BundleFiles,
	sequence: number,
	signKey?: SigningKey,
): Promise<BuiltBundle> {
	const manifest = parseExact(".manifest", files.get(".manifest") ?? Buffer.from("{}")) as ExactObject;
	const metadata = objectIn(manifest, "metadata");
	objectIn(metadata, "sallyport")["sequence"] = new ExactNumber(String(sequence));
	const numbered = new Map([...files, [".manifest", Buffer.from(goJson(manifest))]]);
	numbered.delete(".signatures.json");
	const archive = await writeArchive(signKey === undefined ? numbered : signFiles(numbered, signKey));
	return { revision: String(manifest["revision"] ?? ""), sequence, archive };
}

/** The object of that name in another, made where it is missing. */
function objectIn(parent: ExactObject, key: string): ExactObject {
	const present = parent[key];
	if (isExactObject(present)) return present;
	const made: ExactObject = Object.create(null);
	parent[key] = made;
	return made;
}
