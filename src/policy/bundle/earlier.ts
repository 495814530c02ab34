import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Bundle } from "./bundle.ts";

/** Revisions of one bundle that are kept, and the bytes that they may take together. */
const MOST = 64;
const MOST_BYTES = 256 << 20;

/**
 * The data of earlier times: what bundles that carry only data were when they were in force, so that a recorded
 * decision can be asked about again with the data that it was made with. A folder a bundle, a file a revision; the
 * oldest go.
 */
export class EarlierData {
	readonly #directory: string;

	/** Made when it isn't there. */
	constructor(directory: string) {
		this.#directory = directory;
	}

	/** Keeps what is in force of a bundle; nothing is written for one that is there already. */
	async keep(name: string, { revision, manifest, data }: Bundle): Promise<void> {
		const folder = this.#folder(name);
		const path = join(folder, fileOf(revision));
		const now = new Date();
		if (
			await utimes(path, now, now).then(
				() => true,
				() => false,
			)
		)
			return;
		await mkdir(folder, { recursive: true, mode: 0o700 });
		const temporary = join(folder, `.${randomUUID()}`);
		try {
			await writeFile(temporary, [`${JSON.stringify({ revision, manifest })}\n`, data], { mode: 0o600 });
			await rename(temporary, path);
		} catch (thrown) {
			await rm(temporary, { force: true });
			throw thrown;
		}
		await this.#forget(folder);
	}

	/** A bundle as it was; undefined when that is not kept (any more), or can't be read. */
	async find(name: string, revision: string): Promise<Bundle | undefined> {
		try {
			const content = await readFile(join(this.#folder(name), fileOf(revision)));
			const end = content.indexOf(0x0a);
			const head = JSON.parse(content.toString("utf8", 0, end)) as Pick<Bundle, "revision" | "manifest">;
			return { ...head, data: content.subarray(end + 1), wasm: undefined };
		} catch {
			return undefined;
		}
	}

	async #forget(folder: string): Promise<void> {
		const files = await Promise.all(
			(await readdir(folder))
				.filter((file) => file.endsWith(ENDING))
				.map(async (file) => ({ file, ...(await stat(join(folder, file))) })),
		);
		files.sort((a, b) => b.mtimeMs - a.mtimeMs);
		let bytes = 0;
		for (const [at, { file, size }] of files.entries()) {
			bytes += size;
			if (at >= MOST || (at > 0 && bytes > MOST_BYTES)) await rm(join(folder, file), { force: true });
		}
	}

	#folder(name: string): string {
		return join(this.#directory, encodeURIComponent(name).replace(/^\./, "%2E"));
	}
}

const ENDING = ".data";

const fileOf = (revision: string): string =>
	`${createHash("sha256").update(revision).digest("hex").slice(0, 32)}${ENDING}`;
