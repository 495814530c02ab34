import { readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describeThrown } from "../../lib/index.ts";
import { PolicyError } from "../errors.ts";
import { readDirectory } from "./directory.ts";
import { type BundleLimits, MAX_ENTRIES, tooLarge } from "./files.ts";
import type { BundleSource, Fetched } from "./source.ts";

/** How soon a change on disk is seen. Times and sizes are compared: events of the file system miss mounted folders. */
const LOOK_EVERY_MS = 100;

/** A tarball or a directory on this machine. */
export class FileSource implements BundleSource {
	readonly origin = "file";
	readonly #path: string;
	readonly #limits: BundleLimits;
	/** The state on disk that was last read, whatever came of it: a broken file is not read again and again. */
	#seen = "";
	#active = "";

	/** `resource` is `file://` and a path, absolute or relative to the working directory. */
	constructor(resource: string, limits: BundleLimits) {
		this.#path = resolve(resource.slice("file://".length));
		this.#limits = limits;
	}

	async fetch(): Promise<Fetched | "current" | "unchanged"> {
		try {
			const isDirectory = (await stat(this.#path)).isDirectory();
			const state = isDirectory ? await this.#directoryState() : await fileState(this.#path);
			if (state === this.#seen) return state === this.#active ? "current" : "unchanged";
			this.#seen = state;
			const activated = () => {
				this.#active = state;
			};
			if (isDirectory) {
				return { content: { files: await readDirectory(this.#path, this.#limits) }, activated };
			}
			if ((await stat(this.#path)).size > this.#limits.bytes) throw tooLarge(this.#path);
			const archive = await readFile(this.#path);
			return { content: { archive, limits: this.#limits }, activated };
		} catch (thrown) {
			if (thrown instanceof PolicyError) throw thrown;
			this.#seen = "";
			throw new PolicyError("bundle_unreachable", undefined, {
				operator: describeThrown(thrown),
				remedy: `make ${this.#path} a bundle's tarball or directory that the gateway may read`,
				cause: thrown,
			});
		}
	}

	delay(): number {
		return LOOK_EVERY_MS;
	}

	async #directoryState(): Promise<string> {
		const names = await readdir(this.#path, { recursive: true });
		if (names.length > MAX_ENTRIES) throw tooLarge(`more than ${MAX_ENTRIES} entries`);
		const states = await Promise.all(
			names.sort().map(async (name) => `${name} ${await fileState(join(this.#path, name))}`),
		);
		return states.join("\n");
	}
}

async function fileState(path: string): Promise<string> {
	const { ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
	return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}
