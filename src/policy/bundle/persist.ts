import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { describeThrown } from "../../lib/index.ts";
import { PolicyError } from "../errors.ts";

/** What a bundle leaves on disk: `DIRECTORY/bundles/NAME/bundle.tar.gz` and the highest sequence beside it. */
export class BundleStore {
	readonly #folder: string;

	/** @param name of a bundle; null for the discovery bundle, which has a folder beside theirs */
	constructor(persistenceDirectory: string, name: string | null) {
		this.#folder =
			name === null
				? join(persistenceDirectory, "discovery")
				: join(persistenceDirectory, "bundles", encodeURIComponent(name).replace(/^\./, "%2E"));
	}

	/** The tarball that was last activated; undefined when there is none. Throws PolicyError bundle_persist. */
	async readArchive(): Promise<Buffer | undefined> {
		return await this.#read("bundle.tar.gz");
	}

	/** The highest sequence that was ever activated; undefined when there was none. Throws PolicyError bundle_persist. */
	async readSequence(): Promise<number | undefined> {
		const text = (await this.#read("sequence"))?.toString("utf8");
		if (text === undefined) return undefined;
		if (!/^\d{1,16}\n$/.test(text)) throw failed(`${join(this.#folder, "sequence")} is damaged`);
		return Number(text);
	}

	async writeArchive(archive: Uint8Array): Promise<void> {
		await this.#write("bundle.tar.gz", archive);
	}

	async writeSequence(sequence: number): Promise<void> {
		await this.#write("sequence", Buffer.from(`${sequence}\n`));
	}

	async #read(file: string): Promise<Buffer | undefined> {
		try {
			return await readFile(join(this.#folder, file));
		} catch (thrown) {
			if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return undefined;
			throw failed(describeThrown(thrown), thrown);
		}
	}

	/** The old file or the new one is there after a crash, never half of one. */
	async #write(file: string, content: Uint8Array): Promise<void> {
		try {
			await mkdir(this.#folder, { recursive: true, mode: 0o700 });
			const temporary = join(this.#folder, `.${file}.new`);
			await writeDurably(temporary, content);
			await rename(temporary, join(this.#folder, file));
			const folder = await open(this.#folder);
			try {
				await folder.sync();
			} finally {
				await folder.close();
			}
		} catch (thrown) {
			throw failed(describeThrown(thrown), thrown);
		}
	}
}

async function writeDurably(path: string, content: Uint8Array): Promise<void> {
	const file = await open(path, "w", 0o600);
	try {
		await file.writeFile(content);
		await file.sync();
	} finally {
		await file.close();
	}
}

function failed(operator: string, cause?: unknown): PolicyError {
	return new PolicyError("bundle_persist", undefined, { operator, cause });
}
