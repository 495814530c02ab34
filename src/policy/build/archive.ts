import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import type { BundleFiles } from "../bundle/files.ts";

const OS_UNKNOWN = 255;

/**
 * A bundle's archive. The same files give the same bytes with the same zlib: sorted, without times and owners,
 * with a leading slash, as OPA's own archives have it.
 */
export async function writeArchive(files: BundleFiles): Promise<Buffer> {
	const tar = pack();
	for (const name of [...files.keys()].sort()) {
		tar.entry(
			{ name: `/${name}`, mode: 0o600, mtime: new Date(0), uid: 0, gid: 0 },
			files.get(name) as Buffer,
		);
	}
	tar.finalize();
	const zipped = gzipSync(await buffer(tar), { level: 9 });
	zipped[9] = OS_UNKNOWN; // zlib writes the platform there
	return zipped;
}
