import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { extract } from "tar-stream";
import { describeThrown } from "../../lib/index.ts";
import { PolicyError } from "../errors.ts";
import { type BundleFiles, type BundleLimits, FileCollector, invalid, tooLarge } from "./files.ts";

const inflate = promisify(gunzip);

/**
 * Unpacks a gzipped tarball in memory. Only files and folders are taken: no links, no devices. Throws PolicyError
 * (bundle_truncated, bundle_too_large, bundle_invalid).
 */
export async function readArchive(archive: Uint8Array, limits: BundleLimits): Promise<BundleFiles> {
	const tar = await unzip(archive, limits);
	const collector = new FileCollector(limits);
	const extractor = extract();
	extractor.end(tar);
	try {
		for await (const entry of extractor) {
			const { name, type, size } = entry.header;
			const path = collector.admit(name, size ?? 0);
			if (type !== "file" && type !== "contiguous-file" && type !== "directory") {
				throw invalid(`${JSON.stringify(name)} is a ${type}`);
			}
			const chunks: Buffer[] = [];
			for await (const chunk of entry) chunks.push(chunk as Buffer);
			if (type !== "directory") collector.add(path, Buffer.concat(chunks));
		}
	} catch (thrown) {
		if (thrown instanceof PolicyError) throw thrown;
		const text = describeThrown(thrown);
		if (/unexpected end/i.test(text)) throw new PolicyError("bundle_truncated", undefined, { cause: thrown });
		throw invalid(text, thrown);
	}
	return collector.files;
}

/** What tar adds to the files: a header of 512 bytes and padding an entry, and the names of long paths. */
const TAR_OVERHEAD_PER_ENTRY = 4096;

async function unzip(archive: Uint8Array, limits: BundleLimits): Promise<Buffer> {
	const maxOutputLength = limits.bytes + limits.entries * TAR_OVERHEAD_PER_ENTRY;
	try {
		return await inflate(archive, { maxOutputLength });
	} catch (thrown) {
		const code = (thrown as NodeJS.ErrnoException).code;
		if (code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(`more than ${maxOutputLength} bytes unpacked`);
		if (code === "Z_BUF_ERROR") throw new PolicyError("bundle_truncated", undefined, { cause: thrown });
		throw invalid(describeThrown(thrown), thrown);
	}
}
