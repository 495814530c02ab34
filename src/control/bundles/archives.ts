import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { ControlError } from "../errors.ts";
import { readIndex, type ShelfIndex } from "./index-file.ts";

/**
 * A copy of the stable archive under a name that doesn't change. The gateway that serves a bundle can run on it by
 * `file://`: over HTTP it would have to ask the policy that it doesn't have yet.
 */
const CURRENT = "current.tar.gz";
const INDEX = "index.json";
const ARCHIVE = /^([0-9a-f]{64})\.tar\.gz$/;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The files of a bundle server: a directory a bundle, in it an archive a revision, named by its digest, and the index. */
export class Archives {
	readonly #directory: string;

	/** Made when it isn't there. */
	constructor(directory: string) {
		this.#directory = directory;
	}

	/** The names of all bundles. */
	async names(): Promise<string[]> {
		const found = await readdir(this.#directory).catch(() => []);
		return found.filter((name) => NAME.test(name)).sort();
	}

	readIndex(name: string): Promise<ShelfIndex> {
		return readIndex(join(this.#folder(name), INDEX));
	}

	read(name: string, etag: string): Promise<Buffer> {
		return readFile(join(this.#folder(name), `${etag}.tar.gz`));
	}

	/** Keeps an archive. It is not published by that: the index is what counts. */
	async write(name: string, etag: string, archive: Buffer): Promise<void> {
		await mkdir(this.#folder(name), { recursive: true, mode: 0o700 });
		await writeDurably(join(this.#folder(name), `${etag}.tar.gz`), archive);
	}

	/** Publishes: on disk, whole or not at all, when it returns. What the index no longer names goes. */
	async writeIndex(name: string, index: ShelfIndex): Promise<void> {
		const folder = this.#folder(name);
		if (index.stable !== null) {
			await writeDurably(join(folder, CURRENT), await this.read(name, index.stable.etag));
		}
		await writeDurably(join(folder, INDEX), Buffer.from(JSON.stringify(index, null, "\t")));
		const named = new Set(index.revisions.flatMap(({ etag, rego_etag }) => [etag, rego_etag]));
		for (const file of await readdir(folder)) {
			const etag = ARCHIVE.exec(file)?.[1];
			if (etag !== undefined && !named.has(etag)) await rm(join(folder, file), { force: true });
		}
	}

	#folder(name: string): string {
		if (!NAME.test(name)) throw new ControlError("bundle_name_invalid");
		return join(this.#directory, name);
	}
}

async function writeDurably(path: string, content: Buffer): Promise<void> {
	const temporary = `${path}.${randomUUID()}`;
	const file = await open(temporary, "wx", 0o600);
	try {
		await file.writeFile(content);
		await file.sync();
	} finally {
		await file.close();
	}
	await rename(temporary, path);
}
