import { createHash } from "node:crypto";
import type { Clock } from "../../lib/index.ts";
import type { BundleFacts } from "../../policy/index.ts";
import { ControlError } from "../errors.ts";
import type { PublishedBundle } from "../schemas/bundles.ts";
import { Archives } from "./archives.ts";
import { type Asker, type Channel, entryOf, selected } from "./channels.ts";
import { type Canaries, EMPTY, type ShelfEntry, type ShelfIndex } from "./index-file.ts";
import { Waiting } from "./waiting.ts";

export interface ShelfOptions {
	/** Where the archives are kept; made when it isn't there. */
	readonly directory: string;
	readonly clock: Clock;
	/** Revisions of a bundle that are kept; older ones are forgotten unless a channel has them. */
	readonly keep: number;
	/** Long polls that may wait at the same time. */
	readonly waiting: number;
	/** Reads an archive and verifies it as a gateway would that is configured like this one. Throws `PolicyError`. */
	readonly inspect: (name: string, archive: Buffer) => Promise<BundleFacts>;
	/** The same unsigned bundle with another sequence in its manifest. */
	readonly resequence: (archive: Buffer, sequence: number) => Promise<Buffer>;
	/** The bundle as OPA itself can run it; null when it holds no sources. */
	readonly regoVariant: (archive: Buffer) => Promise<Buffer | null>;
}

/** Who publishes, and what they say of it. */
export interface Publication {
	readonly by: string;
	/** The commit that it was built from, as whoever pushes says. */
	readonly commit: string | null;
	/** Where it comes into force; null: nowhere yet. */
	readonly channel: Channel | null;
	/** Those of the channel `canary`; null: as they are. */
	readonly canaries: Canaries | null;
}

/**
 * The bundles that this server gives to gateways. A revision is an archive that is never changed, named by its digest;
 * a channel names the revision that its gateways get. Sequences only rise: along a channel, and for every gateway.
 */
export class BundleShelf {
	readonly #options: ShelfOptions;
	readonly #archives: Archives;
	readonly #indexes = new Map<string, ShelfIndex>();
	readonly #waiting: Waiting;
	/** Publications run one after the other: each must see the sequence of the one before. */
	#queue: Promise<unknown> = Promise.resolve();

	constructor(options: ShelfOptions) {
		this.#options = options;
		this.#archives = new Archives(options.directory);
		this.#waiting = new Waiting(options.waiting);
	}

	/** Every revision of every bundle, the newest first. */
	async list(): Promise<PublishedBundle[]> {
		const lists = await Promise.all((await this.#archives.names()).map((name) => this.revisions(name)));
		return lists.flat();
	}

	/** The revisions of one bundle, the newest first. */
	async revisions(name: string): Promise<PublishedBundle[]> {
		const index = await this.#index(name);
		return index.revisions.map((entry) => published(name, entry, index)).reverse();
	}

	/** What somebody who asks for the bundle gets; undefined when there is nothing. */
	async select(name: string, asker: Asker): Promise<PublishedBundle | undefined> {
		const index = await this.#index(name);
		const entry = selected(index, name, asker);
		return entry === undefined ? undefined : published(name, entry, index);
	}

	/**
	 * The revision meant by a channel's name, an etag or the beginning of one (8 digits and more), or the name of a
	 * revision, the newest of that name. Throws `not_found`.
	 */
	async find(name: string, wanted: string): Promise<PublishedBundle> {
		const index = await this.#index(name);
		const ofChannel = wanted === "stable" ? index.stable : wanted === "canary" ? index.canary : null;
		const isPrefix = /^[0-9a-f]{8,64}$/.test(wanted);
		const entry =
			entryOf(index, ofChannel?.etag) ??
			index.revisions.findLast(
				({ etag, revision }) => revision === wanted || (isPrefix && etag.startsWith(wanted)),
			);
		if (entry === undefined) throw new ControlError("not_found", `${name} has no revision ${wanted}.`);
		return published(name, entry, index);
	}

	/** The archive of a published revision, or its variant for OPA itself. */
	read({ name, etag }: { readonly name: string; readonly etag: string }): Promise<Buffer> {
		return this.#archives.read(name, etag);
	}

	/** As `Waiting.wait`. */
	wait(name: string, milliseconds: number, gone: AbortSignal): Promise<boolean> {
		return this.#waiting.wait(name, milliseconds, gone);
	}

	/**
	 * Keeps an archive as a revision, and puts it in force where the publication says. The same archive again is the
	 * same revision. Throws `bundle_conflict` when its sequence doesn't rise, and what `inspect` throws.
	 */
	async publish(name: string, archive: Buffer, publication: Publication): Promise<PublishedBundle> {
		const facts = await this.#options.inspect(name, archive);
		const rego = await this.#options.regoVariant(archive);
		return this.#inTurn(() => this.#publish(name, archive, rego, facts, publication));
	}

	/** Puts a revision in force on a channel. Throws `not_found` and `bundle_conflict`. */
	promote(name: string, wanted: string, to: Omit<Publication, "commit">): Promise<PublishedBundle> {
		return this.#inTurn(async () => {
			const { etag } = await this.find(name, wanted);
			return this.#put(name, inForce(await this.#index(name), etag, to, this.#now()), etag);
		});
	}

	/**
	 * Publishes an earlier content with a sequence above all others. Throws `bundle_signed` for a signed one, whose
	 * sequence is under its signature.
	 */
	async rollBack(earlier: PublishedBundle, publication: Publication): Promise<PublishedBundle> {
		if (earlier.signed) throw new ControlError("bundle_signed");
		const { name } = earlier;
		const archive = await this.read(earlier);
		const highest = Math.max(...(await this.#index(name)).revisions.map(({ sequence }) => sequence ?? -1));
		if (highest < 0) return this.publish(name, archive, publication);
		const sequence = Math.max(highest + 1, this.#options.clock.now());
		return this.publish(name, await this.#options.resequence(archive, sequence), publication);
	}

	async #publish(
		name: string,
		archive: Buffer,
		rego: Buffer | null,
		facts: BundleFacts,
		{ commit, ...publication }: Publication,
	): Promise<PublishedBundle> {
		const etag = digest(archive);
		const index = await this.#index(name);
		if (entryOf(index, etag) !== undefined)
			return this.#put(name, inForce(index, etag, publication, this.#now()), etag);
		const entry: ShelfEntry = {
			...facts,
			etag,
			rego_etag: rego === null ? null : digest(rego),
			bytes: archive.length,
			pushed_at: this.#now(),
			pushed_by: publication.by,
			commit,
		};
		const added = { ...index, revisions: [...index.revisions, entry] };
		const changed = inForce(added, etag, publication, this.#now());
		await this.#archives.write(name, etag, archive);
		if (rego !== null) await this.#archives.write(name, digest(rego), rego);
		return this.#put(name, changed, etag);
	}

	async #put(name: string, changed: ShelfIndex, etag: string): Promise<PublishedBundle> {
		const index = retained(changed, this.#options.keep);
		await this.#archives.writeIndex(name, index);
		this.#indexes.set(name, index);
		this.#waiting.wake(name);
		return published(name, entryOf(index, etag) as ShelfEntry, index);
	}

	async #index(name: string): Promise<ShelfIndex> {
		const known = this.#indexes.get(name);
		if (known !== undefined) return known;
		const index = await this.#archives.readIndex(name);
		// Names that nobody published are not remembered: anybody may ask for as many as they like.
		if (index !== EMPTY) this.#indexes.set(name, index);
		return index;
	}

	#now(): string {
		return new Date(this.#options.clock.now()).toISOString();
	}

	#inTurn<T>(work: () => Promise<T>): Promise<T> {
		const turn = this.#queue.then(work, work);
		this.#queue = turn.catch(() => undefined);
		return turn;
	}
}

const digest = (archive: Buffer): string => createHash("sha256").update(archive).digest("hex");

/** The index with a revision in force on a channel. Throws `bundle_conflict`. */
function inForce(
	index: ShelfIndex,
	etag: string,
	{ channel, by, canaries }: Omit<Publication, "commit">,
	since: string,
): ShelfIndex {
	if (channel === null) return index;
	const entry = entryOf(index, etag);
	const present = index[channel];
	if (present?.etag !== etag) {
		refuseOlder(entry, entryOf(index, present?.etag));
		if (channel === "canary") refuseOlder(entry, entryOf(index, index.stable?.etag));
	}
	const pointer =
		present?.etag === etag ? { etag, since: present.since, by: present.by } : { etag, since, by };
	if (channel === "stable") return { ...index, stable: pointer };
	const those = canaries ?? index.canary?.canaries;
	if (those === undefined) throw new ControlError("bundle_canaries_missing");
	return { ...index, canary: { ...pointer, canaries: those } };
}

function refuseOlder(entry: ShelfEntry | undefined, present: ShelfEntry | undefined): void {
	if (entry === undefined || present === undefined || present.sequence === null) return;
	if (entry.sequence !== null && entry.sequence > present.sequence) return;
	const has = entry.sequence === null ? "has no sequence" : `has the sequence ${entry.sequence}`;
	throw new ControlError(
		"bundle_conflict",
		`The bundle ${has}, and the one in force has ${present.sequence}.`,
	);
}

/** Without the oldest revisions beyond those that are kept; what a channel has is never forgotten. */
function retained(index: ShelfIndex, keep: number): ShelfIndex {
	const newest = new Set(index.revisions.slice(-keep));
	const needed = new Set([index.stable?.etag, index.canary?.etag]);
	return {
		...index,
		revisions: index.revisions.filter((entry) => newest.has(entry) || needed.has(entry.etag)),
	};
}

function published(name: string, entry: ShelfEntry, index: ShelfIndex): PublishedBundle {
	const channels: Channel[] = [];
	if (index.stable?.etag === entry.etag) channels.push("stable");
	if (index.canary?.etag === entry.etag) channels.push("canary");
	const canaries = index.canary?.etag === entry.etag ? index.canary.canaries : null;
	return { name, ...entry, channels, canaries, current: channels.includes("stable") };
}
