import { createHash } from "node:crypto";
import {
	copyFileSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
const KEPT = join(ROOT, "node_modules", ".cache", "sallyport-policies");

/**
 * The bundle of these files, built by `build` if it was not before from the same product, library and files: most
 * tests ask for one of a few, and a build takes as long as a test. It may be older than others, in its sequence too: for
 * tests of delivery `buildPolicy` makes new ones.
 */
export async function keptPolicy(
	files: Readonly<Record<string, string>>,
	build: (directory: string, output: string) => Promise<void>,
	output: string,
): Promise<void> {
	const kept = join(KEPT, productHash(), `${hashOf(Object.entries(files).sort())}.tar.gz`);
	if (!existsSync(kept)) {
		const built = `${kept}.${process.pid}`;
		mkdirSync(dirname(kept), { recursive: true });
		await withFiles(files, (directory) => build(directory, built));
		renameSync(built, kept);
	}
	copyFileSync(kept, output);
}

/** Writes the files into a directory that is there while `work` runs. */
export async function withFiles(
	files: Readonly<Record<string, string>>,
	work: (directory: string) => Promise<void>,
): Promise<void> {
	const scratch = mkdtempSync(join(tmpdir(), "sallyport-policy-"));
	try {
		for (const [name, text] of Object.entries(files)) {
			mkdirSync(dirname(join(scratch, name)), { recursive: true });
			writeFileSync(join(scratch, name), text);
		}
		await work(scratch);
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

let product: string | undefined;

/** Of everything else that a bundle is made of. What was kept of another product goes. */
function productHash(): string {
	if (product !== undefined) return product;
	const files = ["policies", "policy-schemas"].flatMap((directory) =>
		readdirSync(join(ROOT, directory), { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => join(entry.parentPath, entry.name))
			.sort(),
	);
	const sources = [join(ROOT, "dist", ".made-from"), ...files];
	product = hashOf(sources.map((file) => [file.slice(ROOT.length), readFileSync(file, "utf8")]));
	if (existsSync(KEPT))
		for (const name of readdirSync(KEPT))
			if (name !== product) rmSync(join(KEPT, name), { recursive: true, force: true });
	return product;
}

const hashOf = (parts: readonly unknown[]): string =>
	createHash("sha256").update(JSON.stringify(parts)).digest("hex");
