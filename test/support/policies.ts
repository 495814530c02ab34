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
 * tests ask for one of a few, and a build takes as long as a test.
 */
export async function keptPolicy(
	files: Readonly<Record<string, string>>,
	build: (directory: string, output: string) => Promise<void>,
	output: string,
): Promise<void> {
	const kept = join(KEPT, productHash(), `${hashOf(Object.entries(files).sort())}.tar.gz`);
	if (!existsSync(kept)) {
		const scratch = mkdtempSync(join(tmpdir(), "sallyport-policy-"));
		try {
			for (const [name, text] of Object.entries(files)) {
				mkdirSync(dirname(join(scratch, name)), { recursive: true });
				writeFileSync(join(scratch, name), text);
			}
			const built = `${kept}.${process.pid}`;
			mkdirSync(dirname(kept), { recursive: true });
			await build(scratch, built);
			renameSync(built, kept);
		} finally {
			rmSync(scratch, { recursive: true, force: true });
		}
	}
	copyFileSync(kept, output);
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
