import { type Clock, describeThrown, type Log, systemClock } from "../../../lib/index.ts";
import { advance, type Picture } from "./advance.ts";
import { isNothing, readAll, readChanges } from "./changes.ts";
import { ControlLink } from "./control-link.ts";
import { CatalogError } from "./errors.ts";
import { loadCatalog, loadServerCatalog, type ServerCatalog } from "./load.ts";
import type { Catalog } from "./model.ts";
import { SERVER_PROBE, SNAPSHOT } from "./probe.ts";
import type { CatalogQuery, ControlConnection } from "./query.ts";
import { effectivePath, usableSchemas } from "./search-path.ts";
import type { CatalogSnapshot } from "./snapshot.ts";

export interface CatalogKeeperOptions {
	/** Opens a connection to the database whose catalog this is, as a user that may read it. */
	readonly connect: () => Promise<ControlConnection>;
	/** Milliseconds within which DDL from elsewhere is noticed; 1000 unless given. */
	readonly staleBoundMs?: number;
	readonly clock?: Clock;
	readonly log?: Log;
}

/** The share of the bound after which, while somebody asks, the catalog is confirmed again. */
const EARLY = 0.75;
/** Loads are tried this often when the catalog changes while it is read. */
const LOAD_ATTEMPTS = 50;

/**
 * Keeps the picture of one database's catalog true. What `current` gives was, no longer than `staleBoundMs` ago, what
 * the database itself would have said; when that can't be known, it rejects, and nothing may be decided.
 *
 * While somebody asks, the database is asked for changes once within each bound: at next to no cost when nothing at
 * all was written, else with a statement that takes some milliseconds for a thousand tables; and then only what has
 * changed is read. While nobody does, it is not asked.
 */
export class CatalogKeeper {
	readonly staleBoundMs: number;
	readonly #clock: Clock;
	readonly #log: Log | undefined;
	readonly #link: ControlLink;
	readonly #timer: NodeJS.Timeout;
	#server: { readonly catalog: ServerCatalog; readonly probe: string } | undefined;
	#picture: Picture | undefined;
	/** When the question was sent whose answer last confirmed the snapshot. */
	#verifiedAt = Number.NEGATIVE_INFINITY;
	#refreshing: Promise<CatalogSnapshot> | undefined;
	/** Rises with each `invalidate`: a refresh that began before it doesn't count. */
	#generation = 0;
	#settledGeneration = -1;
	/** The same as `#verifiedAt`, whatever was invalidated since. */
	#settledAt = Number.NEGATIVE_INFINITY;
	#epoch = 0;
	#asked = false;
	#closed = false;
	#usable = new Map<string, ReadonlySet<string>>();

	constructor(options: CatalogKeeperOptions) {
		this.staleBoundMs = options.staleBoundMs ?? 1_000;
		this.#clock = options.clock ?? systemClock;
		this.#log = options.log;
		this.#link = new ControlLink(options.connect, this.#clock);
		this.#timer = setInterval(() => this.#tick(), Math.max(this.staleBoundMs * EARLY, 5));
		this.#timer.unref();
	}

	/** The catalog, when it is known to be true without asking; for the fast path. Never rejects or throws. */
	peek(): Catalog | undefined {
		this.#asked = true;
		return this.#isFresh() ? this.#picture?.catalog : undefined;
	}

	/** The catalog, verified within the bound. Rejects with CatalogError when it can't be. */
	async current(): Promise<Catalog> {
		return this.#current();
	}

	/** To be called when DDL through the gateway is done: whoever asks from now on gets a catalog verified after this. */
	invalidate(): void {
		this.#generation++;
		this.#verifiedAt = Number.NEGATIVE_INFINITY;
	}

	/**
	 * The catalog as a session itself sees it, over its own upstream connection: with its temporary objects and what
	 * its open transaction has changed. `query` must run each statement to its end; see `loadCatalog`. Each has an epoch
	 * of its own, and nobody verifies it afterwards: it holds while nobody else changes anything, so the caller reads it
	 * anew whenever `current` gives another epoch.
	 */
	async readSession(query: CatalogQuery): Promise<Catalog> {
		await this.#current();
		const [server, base] = [this.#server?.catalog, this.#picture];
		if (server === undefined || base === undefined) throw new CatalogError("catalog_unavailable");
		const options = { server, session: true } as const;
		// One whose definitions couldn't all be read is nothing to build on: the session's own locks let it read them.
		const whole = base.catalog.definitions.unread === 0;
		const own = whole ? await advance(query, base, { ...options, epoch: () => ++this.#epoch }) : null;
		if (own !== null) return own.catalog;
		return loadCatalog(query, { ...options, base: base.catalog, epoch: ++this.#epoch });
	}

	/**
	 * The schemas of a search path, first to last, as `current_schemas(true)` would give them to `role`; `setting` as
	 * SHOW gives it. Rejects with CatalogError.
	 */
	async effectiveSearchPath(
		role: string,
		setting: string,
		temporarySchema: string | null = null,
	): Promise<readonly string[]> {
		await this.#current();
		let usable = this.#usable.get(role);
		if (usable === undefined) {
			const answers = this.#usable;
			usable = await this.#reachable(() => usableSchemas(this.#link.query, role));
			answers.set(role, usable);
		}
		return effectivePath(setting, role, usable, temporarySchema);
	}

	/** Nobody asks for the time being: the control connection would only be in the way of who drops the database. */
	rest(): void {
		this.#link.rest();
	}

	/** Ends the control connection; `current` rejects from now on. */
	close(): void {
		this.#closed = true;
		clearInterval(this.#timer);
		this.#link.close();
	}

	#isFresh(): boolean {
		return !this.#closed && this.#clock.now() - this.#verifiedAt < this.staleBoundMs;
	}

	async #current(): Promise<CatalogSnapshot> {
		this.#asked = true;
		const known = this.#picture;
		if (known !== undefined && this.#isFresh()) return known.catalog;
		const oldest = this.#clock.now() - this.staleBoundMs;
		for (;;) {
			const generation = this.#generation;
			const snapshot = await this.#refresh();
			// The refresh may have been under way already, and its question be older than what is asked for now.
			if (generation <= this.#settledGeneration && this.#settledAt > oldest) return snapshot;
		}
	}

	/** One refresh at a time; whoever comes while it runs shares it. */
	#refresh(): Promise<CatalogSnapshot> {
		this.#refreshing ??= this.#reachable(() => this.#verify()).finally(() => {
			this.#refreshing = undefined;
		});
		return this.#refreshing;
	}

	/** Asks what has changed, and reads that, until nothing has since. */
	async #verify(): Promise<CatalogSnapshot> {
		let picture = this.#picture;
		for (let attempt = 0; attempt < LOAD_ATTEMPTS; attempt++) {
			const generation = this.#generation;
			const since = this.#clock.now();
			const whole = picture !== undefined && picture.catalog.definitions.unread === 0;
			if (picture !== undefined && whole && (await this.#snapshot()) === picture.reading.snapshot)
				return this.#settle(picture, since, generation);
			const next = await this.#next(picture, whole);
			if (next.catalog === picture?.catalog) return this.#settle(next, since, generation);
			picture = next;
			const read = this.#clock.now();
			// What was read while something was written may hold a bit of both.
			if ((await this.#snapshot()) === picture.reading.snapshot)
				return this.#settle(picture, read, generation);
		}
		throw new CatalogError(
			"catalog_unavailable",
			"the upstream's catalog changes faster than it can be read",
		);
	}

	/** The picture as it is now: the same catalog where nothing has changed. */
	async #next(picture: Picture | undefined, whole: boolean): Promise<Picture> {
		const query = this.#link.query;
		const server = this.#server?.catalog;
		if (picture === undefined || server === undefined) return this.#load(undefined);
		if (whole) {
			const advanced = await advance(query, picture, { server, epoch: () => ++this.#epoch });
			return advanced ?? this.#load(picture.catalog);
		}
		// Somebody's locks are in the way of some definitions: it is tried again, and may be no better.
		const { catalog } = picture;
		const changes = await readChanges(query, picture.reading, false);
		const loaded = await this.#load(catalog);
		const better = loaded.catalog.definitions.unread !== catalog.definitions.unread;
		return better || changes === null || !isNothing(changes) ? loaded : { catalog, reading: changes.reading };
	}

	#settle(picture: Picture, since: number, generation: number): CatalogSnapshot {
		if (picture.reading.others !== this.#picture?.reading.others) this.#usable = new Map();
		this.#picture = picture;
		this.#settledGeneration = generation;
		this.#settledAt = since;
		if (generation === this.#generation) this.#verifiedAt = since;
		return picture.catalog;
	}

	async #snapshot(): Promise<string> {
		return (await this.#ask(SNAPSHOT))[0] ?? "";
	}

	async #load(known: CatalogSnapshot | undefined): Promise<Picture> {
		const query = this.#link.query;
		const reading = await readAll(query);
		const [probe = ""] = await this.#ask(SERVER_PROBE);
		if (this.#server?.probe !== probe) this.#server = { catalog: await loadServerCatalog(query), probe };
		const server = this.#server.catalog;
		const epoch = ++this.#epoch;
		const base = known === undefined ? {} : { base: known };
		return { reading, catalog: await loadCatalog(query, { server, epoch, ...base }) };
	}

	/** The only row of an answer. */
	async #ask(sql: string): Promise<readonly string[]> {
		return ((await this.#link.query(sql))[0] ?? []).map((cell) => cell ?? "");
	}

	/** Turns whatever fails into a CatalogError. */
	async #reachable<T>(work: () => Promise<T>): Promise<T> {
		if (this.#closed) throw new CatalogError("catalog_closed");
		try {
			return await work();
		} catch (error) {
			if (error instanceof CatalogError) throw error;
			const operator = describeThrown(error);
			throw new CatalogError("catalog_unavailable", undefined, { operator, cause: error });
		}
	}

	#tick(): void {
		if (!this.#asked) return;
		this.#asked = false;
		this.#refresh().catch((error: CatalogError) => {
			this.#log?.warn({ code: error.code, operator: error.operator }, "the upstream's catalog can't be read");
		});
	}
}
