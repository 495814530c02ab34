import { createHash, randomUUID } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../lib/index.ts";
import type { BundleFacts } from "../../policy/index.ts";
import { ControlError } from "../errors.ts";
import type { PublishedBundle } from "../schemas/bundles.ts";
import { readIndex, type ShelfEntry } from "./index-file.ts";

export interface ShelfOptions {
	/** Where the archives are kept; made when it isn't there. */
	readonly directory: string;
	readonly clock: Clock;
	/** Reads an archive and verifies it as a gateway would that is configured like this one. Throws `PolicyError`. */
	readonly inspect: (name: string, archive: Buffer) => Promise<BundleFacts>;
	/** The same unsigned bundle with another sequence in its manifest. */
	readonly resequence: (archive: Buffer, sequence: number) => Promise<Buffer>;
}

/** Older revisions than these are forgotten, so that pushing can't fill the disk. */
const KEPT = 50;
/**
 * A copy of the archive in force under a name that doesn't change. The gateway that serves a bundle can run on it by
 * `file://`: over HTTP it would have to ask the policy that it doesn't have yet.
 */
const CURRENT = "current.tar.gz";
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * The bundles that this gateway serves to others. A revision is a file that is never changed, named by its digest;
 * `index.json` of each bundle lists them in the order of publication, the last one is in force.
 */
export class BundleShelf {
	readonly #options: ShelfOptions;
	/** Publications run one after the other: each must see the sequence of the one before. */
	#queue: Promise<unknown> = Promise.resolve();

	constructor(options: ShelfOptions) {
		this.#options = options;
	}

	/** Every revision of every bundle, the newest first. */
	async list(): Promise<PublishedBundle[]> {
		const found = await readdir(this.#options.directory).catch(() => []);
		const names = found.filter((name) => NAME.test(name)).sort();
		const lists = await Promise.all(
			names.map(async (name) => {
				const entries = await this.#entries(name);
				return entries.map((entry, index) => published(name, entry, index === entries.length - 1)).reverse();
			}),
		);
		return lists.flat();
	}

	/** The revision in force; undefined when there is none. */
	async current(name: string): Promise<PublishedBundle | undefined> {
		const entry = (await this.#entries(name)).at(-1);
		return entry === undefined ? undefined : published(name, entry, true);
	}

	async revision(name: string, etag: string): Promise<PublishedBundle | undefined> {
		const entries = await this.#entries(name);
		const entry = entries.findLast((each) => each.etag === etag);
		return entry === undefined ? undefined : published(name, entry, entry === entries.at(-1));
	}

	/** The archive of a published revision. */
	read(bundle: PublishedBundle): Promise<Buffer> {
		return readFile(this.#archivePath(bundle.name, bundle.etag));
	}

	/**
	 * Publishes an archive. The same archive as the one in force is no change. Throws `bundle_conflict` when its
	 * sequence doesn't rise, and what `inspect` throws.
	 */
	publish(name: string, archive: Buffer, by: string): Promise<PublishedBundle> {
		return this.#inTurn(() => this.#publish(name, archive, by));
	}

	/** An earlier revision: the one named, or the one before that in force. */
	async earlier(name: string, etag?: string): Promise<PublishedBundle | undefined> {
		const entries = await this.#entries(name);
		const before = entries.slice(0, -1);
		const entry = etag === undefined ? before.at(-1) : before.findLast((each) => each.etag === etag);
		return entry === undefined ? undefined : published(name, entry, false);
	}

	/** Publishes an earlier content with a sequence above that in force. Throws `bundle_signed` for a signed one. */
	rollBack(earlier: PublishedBundle, by: string): Promise<PublishedBundle> {
		if (earlier.signed) return Promise.reject(new ControlError("bundle_signed"));
		return this.#inTurn(async () => {
			const { name } = earlier;
			const archive = await this.read(earlier);
			const inForce = (await this.#entries(name)).at(-1)?.sequence ?? null;
			if (inForce === null) return this.#publish(name, archive, by);
			const sequence = Math.max(inForce + 1, this.#options.clock.now());
			return this.#publish(name, await this.#options.resequence(archive, sequence), by);
		});
	}

	async #publish(name: string, archive: Buffer, by: string): Promise<PublishedBundle> {
		const facts = await this.#options.inspect(name, archive);
		const etag = createHash("sha256").update(archive).digest("hex");
		const entries = await this.#entries(name);
		const current = entries.at(-1);
		if (current?.etag === etag) return published(name, current, true);
		refuseOlder(facts, current);
		const entry: ShelfEntry = {
			...facts,
			etag,
			bytes: archive.length,
			pushed_at: new Date(this.#options.clock.now()).toISOString(),
			pushed_by: by,
		};
		const kept = [...entries, entry].slice(-KEPT);
		await mkdir(this.#directory(name), { recursive: true, mode: 0o700 });
		await writeDurably(this.#archivePath(name, etag), archive);
		await writeDurably(join(this.#directory(name), CURRENT), archive);
		await writeDurably(this.#indexPath(name), Buffer.from(JSON.stringify(kept, null, "\t")));
		for (const gone of entries.filter(({ etag: old }) => !kept.some((each) => each.etag === old))) {
			await rm(this.#archivePath(name, gone.etag), { force: true });
		}
		return published(name, entry, true);
	}

	#entries(name: string): Promise<ShelfEntry[]> {
		return readIndex(this.#indexPath(name));
	}

	#directory(name: string): string {
		if (!NAME.test(name)) throw new ControlError("bundle_name_invalid");
		return join(this.#options.directory, name);
	}

	#indexPath(name: string): string {
		return join(this.#directory(name), "index.json");
	}

	#archivePath(name: string, etag: string): string {
		return join(this.#directory(name), `${etag}.tar.gz`);
	}

	#inTurn<T>(work: () => Promise<T>): Promise<T> {
		const turn = this.#queue.then(work, work);
		this.#queue = turn.catch(() => undefined);
		return turn;
	}
}

function refuseOlder({ sequence }: BundleFacts, current: ShelfEntry | undefined): void {
	if (current === undefined || current.sequence === null) return;
	if (sequence !== null && sequence > current.sequence) return;
	const has = sequence === null ? "has no sequence" : `has the sequence ${sequence}`;
	throw new ControlError(
		"bundle_conflict",
		`The bundle ${has}, and the one in force has ${current.sequence}.`,
	);
}

function published(name: string, entry: ShelfEntry, current: boolean): PublishedBundle {
	return { name, ...entry, current };
}

/** Whole or not at all, on disk before it counts. */
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
