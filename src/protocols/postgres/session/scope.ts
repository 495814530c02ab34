import type { AnalysedStatement, Scope } from "../analysis/index.ts";
import type { Catalog, CatalogKeeper, CatalogQuery } from "../catalog/index.ts";
import { type Grammar, namesBeyondAscii, type ParseTree } from "../grammar/index.ts";
import type { OwnQueries, Rows } from "./own-queries.ts";
import type { SessionSettings } from "./settings.ts";

export interface ScopeSources {
	readonly keeper: CatalogKeeper;
	readonly grammar: Grammar;
	readonly database: string;
	readonly settings: SessionSettings;
	readonly own: OwnQueries;
	prepared(name: string): AnalysedStatement | undefined;
	cursor(name: string): AnalysedStatement | undefined;
}

export interface KeyedScope {
	readonly scope: Scope;
	/** The same key, the same meaning of every text. */
	readonly key: string;
}

let ownViews = 0;

/**
 * What names mean in this session at this moment. Mostly that is the shared picture of the catalog with the
 * session's search path and role. A session that has temporary objects, or has changed the catalog in a transaction
 * that is still open, sees another one: then the picture is read on its own connection.
 */
export class SessionScope {
	readonly #sources: ScopeSources;
	#current: KeyedScope | null = null;
	#last: KeyedScope | null = null;
	/** The catalog that `#current` was made from. */
	#catalog: Catalog | null = null;
	/** The session's own view and the shared picture that it was read beside. */
	#ownView: {
		readonly catalog: Catalog;
		readonly beside: Catalog;
		readonly temporary: string | null;
	} | null = null;
	#hasTemporary = false;
	#changedInTransaction = false;
	/** Something happened after which the own view has to be read again. */
	#ownStale = false;

	#asking: {
		readonly texts: string[];
		readonly setUp: string | undefined;
		readonly answers: Promise<Rows[]>;
	} | null = null;

	constructor(sources: ScopeSources) {
		this.#sources = sources;
	}

	/** True while the open transaction has changed what its end may bring back. */
	get revertible(): boolean {
		return this.#changedInTransaction || this.#sources.settings.changedInTransaction;
	}

	/** A statement changed the catalog: for this session at once, for the others when its transaction ends. */
	schemaChanged(): void {
		this.#changedInTransaction = true;
		this.#ownStale = true;
		this.#current = null;
	}

	/** A statement made, changed or dropped temporary objects. */
	temporaryChanged(): void {
		this.#hasTemporary = true;
		this.#ownStale = true;
		this.#current = null;
	}

	/** Settings were read anew, or part of the transaction was undone. */
	settingsChanged(): void {
		this.#current = null;
	}

	transactionEnded(): void {
		if (!this.#changedInTransaction) return;
		this.#changedInTransaction = false;
		this.#ownStale = true;
		this.#current = null;
		this.#sources.keeper.invalidate();
	}

	rolledBackPartly(): void {
		if (this.#changedInTransaction || this.#hasTemporary) this.#ownStale = true;
		this.#current = null;
	}

	/** The last scope there was, for what needs no names: in a failed block nothing can be read. */
	get last(): KeyedScope {
		if (this.#last === null) throw new Error("the session has no scope yet");
		return this.#last;
	}

	/** The scope as of now; a promise only where something has to be read first. Rejects with CatalogError. */
	current(): KeyedScope | Promise<KeyedScope> {
		const shared = this.#sources.keeper.peek();
		if (shared === undefined) return this.#refresh();
		const known = this.#current;
		if (known === null) return this.#refresh();
		if (!this.#usesOwnView) return this.#catalog === shared ? known : this.#refresh();
		return !this.#ownStale && this.#ownView?.beside === shared ? known : this.#refresh();
	}

	get #usesOwnView(): boolean {
		return this.#hasTemporary || this.#changedInTransaction;
	}

	async #refresh(): Promise<KeyedScope> {
		const { keeper, settings } = this.#sources;
		const shared = await keeper.current();
		let temporarySchema: string | null = null;
		let catalog = shared;
		if (this.#usesOwnView) {
			if (this.#ownStale || this.#ownView?.beside !== shared) {
				this.#ownStale = false;
				const temporary = await this.#temporarySchema();
				this.#ownView = { catalog: await keeper.readSession(this.#query), beside: shared, temporary };
				ownViews += 1;
			}
			catalog = this.#ownView.catalog;
			temporarySchema = this.#ownView.temporary;
			if (temporarySchema === null && !this.#changedInTransaction) this.#hasTemporary = false;
		}
		const role = settings.role;
		// Asked of the session itself only where it must be: a query in its block takes a snapshot there.
		const foreign = settings.otherEncoding !== undefined && /[^\0-\x7f]/.test(settings.searchPath);
		const searchPath =
			this.#changedInTransaction || foreign
				? await this.#ownSearchPath()
				: await keeper.effectiveSearchPath(role, settings.searchPath, temporarySchema);
		const view = catalog === shared ? `${shared.epoch}` : `${shared.epoch}.${ownViews}`;
		const key = JSON.stringify([view, role, searchPath, temporarySchema, this.revertible]);
		this.#catalog = shared;
		this.#current = { key, scope: this.#make(catalog, searchPath, temporarySchema, role) };
		this.#last = this.#current;
		return this.#current;
	}

	#make(
		catalog: Catalog,
		searchPath: readonly string[],
		temporarySchema: string | null,
		role: string,
	): Scope {
		const { grammar, database, settings, prepared, cursor } = this.#sources;
		const misread = (text: string): boolean => settings.otherEncoding !== undefined && namesBeyondAscii(text);
		return {
			catalog,
			searchPath,
			temporarySchema,
			role,
			database,
			revertible: this.revertible,
			otherEncoding: settings.otherEncoding,
			parse: (text) => (misread(text) ? null : parseNow(grammar, text)),
			parsePlpgsql: (body, header) => (misread(body) ? null : grammar.plpgsqlNow(body, header)),
			prepared,
			cursor,
		};
	}

	async #temporarySchema(): Promise<string | null> {
		const rows = await this.#query(TEMPORARY_SCHEMA);
		return rows[0]?.[0] ?? null;
	}

	/** As the server itself has it: it may hold schemas that nobody else sees yet. */
	async #ownSearchPath(): Promise<readonly string[]> {
		const rows = await this.#query(EFFECTIVE_PATH);
		return rows.map(([schema]) => schema ?? "");
	}

	/** What is asked in one turn goes up together, and makes one transaction of its own where no block is open. */
	readonly #query: CatalogQuery = (sql, setUp) => {
		this.#asking ??= { texts: [], setUp, answers: Promise.resolve().then(() => this.#askAll()) };
		const { texts, answers } = this.#asking;
		const place = texts.push(sql) - 1;
		return answers.then((all) => all[place] ?? []);
	};

	async #askAll(): Promise<Rows[]> {
		const { texts, setUp } = this.#asking ?? { texts: [] };
		this.#asking = null;
		if (setUp === undefined) return this.#sources.own.run(texts);
		return (await this.#sources.own.run([setUp, ...texts])).slice(1);
	}
}

const TEMPORARY_SCHEMA =
	"SELECT n.nspname FROM pg_catalog.pg_namespace n WHERE n.oid OPERATOR(pg_catalog.=) pg_catalog.pg_my_temp_schema()";

const EFFECTIVE_PATH = "SELECT s FROM pg_catalog.unnest(pg_catalog.current_schemas(true)) s";

/** The catalog's own texts (definitions, bodies): those too large to be parsed at once count as unreadable. */
export function parseNow(grammar: Grammar, text: string): ParseTree | null {
	try {
		const parsed = grammar.parse(text);
		if (!(parsed instanceof Promise)) return parsed.tree;
		parsed.catch(() => {}); // nobody waits for it
		return null;
	} catch {
		return null;
	}
}
