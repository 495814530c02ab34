import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { type BundleFiles, type BundleLimits, FileCollector, invalid } from "./files.ts";

/** Reads an unpacked bundle. Throws PolicyError, or the file system's own error. */
export async function readDirectory(root: string, limits: BundleLimits): Promise<BundleFiles> {
	const collector = new FileCollector(limits);
	const visit = async (folder: string): Promise<void> => {
		for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
			const name = folder === "" ? entry.name : `${folder}/${entry.name}`;
			if (entry.isDirectory()) {
				collector.admit(name, 0);
				await visit(name);
				continue;
			}
			if (!entry.isFile()) throw invalid(`${JSON.stringify(name)} is neither a file nor a folder`);
			const size = (await lstat(join(root, name))).size;
			const path = collector.admit(name, size);
			const file = await open(join(root, name));
			try {
				// No more than was counted, should the file be growing.
				const content = Buffer.alloc(size);
				const { bytesRead } = await file.read(content, 0, size, 0);
				collector.add(path, content.subarray(0, bytesRead));
			} finally {
				await file.close();
			}
		}
	};
	await visit("");
	return collector.files;
}
