import type { CommandFlow, StagePermit } from "../../../gate/index.ts";
import type { AnalysedSql, Description } from "../analyse.ts";
import type { AnalysedStatement } from "../analysis/index.ts";
import { ProtocolError } from "../codec/index.ts";
import { callsUsers } from "../uncertain.ts";
import type { ResultStream } from "./results.ts";

/** PostgreSQL compares 63 bytes of a statement's or portal's name; a longer one would be another's alias. */
export const MAX_NAME_BYTES = 63;

/** What the wire's Parse left of a statement. */
export interface WireStatement {
	/** The text as the client sent it. */
	readonly text: string;
	/** Parameter types that the client gave; 0 where it left one to the server. */
	readonly givenTypes: readonly number[];
	readonly permit: StagePermit;
	/** The transaction in which the server got it: it matters where nothing outlives one. */
	transaction: number;
	/** In the scope that the server has it in: renewed by preparing it anew upstream. */
	analysed: AnalysedSql;
	description: Description | null;
	/** The first description: what the client counts on for as long as it has the statement. */
	promised: Description | null;
}

/** A prepared statement, of the wire's Parse or of SQL's PREPARE: they share one namespace on the server. */
export interface PreparedStatement {
	readonly name: string;
	readonly origin: "wire" | "sql";
	readonly wire: WireStatement | null;
	/** Null for an empty text. */
	readonly statement: AnalysedStatement | null;
	/** The text that made it. */
	readonly text: string;
	/** What its names stood for when it was prepared. */
	definitions(): string;
	/** False until ParseComplete or CommandComplete has come. */
	confirmed: boolean;
}

/** What the wire's Bind left of a portal: it runs under the permit of that Bind. */
export interface WirePortal {
	readonly flow: CommandFlow;
	readonly results: ResultStream;
	/** The text as it was bound, and what it meant then. */
	readonly text: string;
	readonly analysed: AnalysedSql;
	/** The server has begun to run it. */
	begun: boolean;
}

/** A portal, of the wire's Bind or of SQL's DECLARE: they share one namespace on the server. */
export interface Portal {
	readonly name: string;
	readonly origin: "wire" | "sql";
	readonly statement: AnalysedStatement | null;
	readonly wire: WirePortal | null;
	/** The text that made it, and what tells it from others of that text. */
	readonly text: string;
	/** What its names stood for when it was made. */
	definitions(): string;
	/** WITH HOLD: it outlives its transaction. */
	readonly hold: boolean;
	/** It has outlived its transaction: the server ran it to its end then, and keeps the rows. */
	kept: boolean;
	confirmed: boolean;
}

/** A change of the registry that the server has not confirmed yet. */
export interface Tentative {
	confirm(): void;
	/** The server tried it and failed: what stood there before stands there again, but for the unnamed one. */
	failed(): void;
	/** The server had failed before and never looked at it: what stood there before stands there again. */
	skipped(): void;
}

/** What a name stands for, above what it stood for before: null where it was closed. */
interface Version<Entry> {
	readonly entry: Entry | null;
	readonly batch: number;
	before: Version<Entry> | null;
	state: "tentative" | "confirmed" | "undone";
}

/**
 * One namespace: names to entries, newcomers tentative until the server confirms them. Of a name that changes several
 * times before the server has answered, every version is kept until it is known which of them the server has.
 */
class Namespace<Entry extends { readonly name: string; confirmed: boolean }> {
	readonly #versions = new Map<string, Version<Entry>>();
	readonly #limit: number;
	readonly #what: string;

	constructor(limit: number, what: string) {
		this.#limit = limit;
		this.#what = what;
	}

	get(name: string): Entry | undefined {
		return this.#versions.get(name)?.entry ?? undefined;
	}

	/** True when an earlier batch changed the name and the server has not said yet whether it did. */
	uncertain(name: string, batch: number): boolean {
		const version = this.#versions.get(name);
		return version !== undefined && version.state !== "confirmed" && version.batch !== batch;
	}

	/** True when the name is of an earlier batch that the server has not come to the end of. */
	mayEnd(
		name: string,
		{ batch, answering }: { readonly batch: number; readonly answering: number },
	): boolean {
		const version = this.#versions.get(name);
		return version !== undefined && version.batch !== batch && version.batch >= answering;
	}

	/** Throws when there are as many as there may be. @param batch in which the server is asked for it */
	put(entry: Entry, batch: number): Tentative {
		if (!this.#versions.has(entry.name) && this.#versions.size >= this.#limit)
			throw new ProtocolError(
				"too_many_entries",
				`this session holds ${this.#limit} ${this.#what}, as many as it may`,
			);
		return this.#push(entry.name, entry, batch);
	}

	/** The name is closed. */
	take(name: string, batch: number): Tentative {
		return this.#push(name, null, batch);
	}

	delete(name: string): void {
		this.#versions.delete(name);
	}

	deleteWhere(matches: (entry: Entry, batch: number) => boolean): void {
		const goes = ({ entry, batch }: Version<Entry>) => entry !== null && matches(entry, batch);
		for (const [name, top] of this.#versions) {
			if (goes(top)) this.#versions.delete(name);
			else if (top.before !== null && goes(top.before)) top.before = null;
		}
	}

	#push(name: string, entry: Entry | null, batch: number): Tentative {
		const before = this.#versions.get(name) ?? null;
		const version: Version<Entry> = { entry, batch, before, state: "tentative" };
		if (entry !== null || before !== null) this.#versions.set(name, version);
		return new Change(this, name, version);
	}

	/** The server did what the version says. */
	confirm(name: string, version: Version<Entry>): void {
		version.state = "confirmed";
		version.before = null;
		if (version.entry !== null) version.entry.confirmed = true;
		else if (this.#versions.get(name) === version) this.#versions.delete(name);
	}

	undo(name: string, version: Version<Entry>): void {
		version.state = "undone";
		let top = this.#versions.get(name) ?? null;
		if (top?.state !== "undone") return; // a later change stands above it and may still come to pass
		while (top?.state === "undone") top = top.before;
		if (top === null || top.entry === null) this.#versions.delete(name);
		else this.#versions.set(name, top);
	}
}

class Change<Entry extends { readonly name: string; confirmed: boolean }> implements Tentative {
	readonly #namespace: Namespace<Entry>;
	readonly #name: string;
	readonly #version: Version<Entry>;

	constructor(namespace: Namespace<Entry>, name: string, version: Version<Entry>) {
		this.#namespace = namespace;
		this.#name = name;
		this.#version = version;
	}

	confirm(): void {
		this.#namespace.confirm(this.#name, this.#version);
	}

	failed(): void {
		if (this.#name === "") this.#version.before = null; // the unnamed one is gone as soon as another is tried
		this.#namespace.undo(this.#name, this.#version);
	}

	skipped(): void {
		this.#namespace.undo(this.#name, this.#version);
	}
}

/** The statements and portals of a session, whichever way they were made. */
export class Registry {
	readonly statements: Namespace<PreparedStatement>;
	readonly portals: Namespace<Portal>;

	constructor(limits: { readonly statements: number; readonly portals: number }) {
		this.statements = new Namespace(limits.statements, "prepared statements");
		this.portals = new Namespace(limits.portals, "portals");
	}

	/** A simple Query drops the unnamed statement and portal. */
	dropUnnamed(): void {
		this.statements.delete("");
		this.portals.delete("");
	}

	/**
	 * Portals go with their transaction, but for those WITH HOLD and those that a later batch has asked for since.
	 * @param changed names changed their meaning in it: what the server ran at its end may not be what was declared
	 */
	transactionEnded(before: number, changed: boolean): void {
		this.portals.deleteWhere((portal, batch) => {
			if (batch >= before || portal.kept) return false;
			if (!portal.hold || (changed && portal.statement !== null && callsUsers(portal.statement))) return true;
			portal.kept = true;
			return false;
		});
	}
}
