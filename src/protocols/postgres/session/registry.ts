import type { CommandFlow, StagePermit } from "../../../gate/index.ts";
import type { AnalysedSql, Description } from "../analyse.ts";
import type { AnalysedStatement } from "../analysis/index.ts";
import { ProtocolError } from "../codec/index.ts";
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
	/** In the scope that the server has it in: renewed by preparing it anew upstream. */
	analysed: AnalysedSql;
	description: Description | null;
	/** The batch in which its Parse went up. */
	readonly batch: number;
}

/** A prepared statement, of the wire's Parse or of SQL's PREPARE: they share one namespace on the server. */
export interface PreparedStatement {
	readonly name: string;
	readonly origin: "wire" | "sql";
	readonly wire: WireStatement | null;
	/** Null for an empty text. */
	readonly statement: AnalysedStatement | null;
	/** What its names stood for when it was prepared. */
	definitions(): string;
	/** False until ParseComplete or CommandComplete has come. */
	confirmed: boolean;
}

/** What the wire's Bind left of a portal: it runs under the permit of that Bind. */
export interface WirePortal {
	readonly flow: CommandFlow;
	readonly results: ResultStream;
	/** The batch in which its Bind went up. */
	readonly batch: number;
}

/** A portal, of the wire's Bind or of SQL's DECLARE: they share one namespace on the server. */
export interface Portal {
	readonly name: string;
	readonly origin: "wire" | "sql";
	readonly statement: AnalysedStatement | null;
	readonly wire: WirePortal | null;
	/** WITH HOLD: it outlives its transaction. */
	readonly hold: boolean;
	confirmed: boolean;
}

/** A change of the registry that the server has not confirmed yet. */
export interface Tentative {
	confirm(): void;
	/** The server refused or skipped it: what stood there before stands there again. */
	undo(): void;
}

/** One namespace: names to entries, newcomers tentative until the server confirms them. */
class Namespace<Entry extends { readonly name: string; confirmed: boolean }> {
	readonly #entries = new Map<string, Entry>();
	readonly #limit: number;
	readonly #what: string;

	constructor(limit: number, what: string) {
		this.#limit = limit;
		this.#what = what;
	}

	get size(): number {
		return this.#entries.size;
	}

	get(name: string): Entry | undefined {
		return this.#entries.get(name);
	}

	/** Throws when there are as many as there may be. */
	put(entry: Entry): Tentative {
		const { name } = entry;
		const before = this.#entries.get(name);
		if (before === undefined && this.#entries.size >= this.#limit)
			throw new ProtocolError(
				"too_many_entries",
				`this session holds ${this.#limit} ${this.#what}, as many as it may`,
			);
		this.#entries.set(name, entry);
		return {
			confirm: () => {
				entry.confirmed = true;
			},
			undo: () => {
				if (this.#entries.get(name) !== entry) return;
				// The unnamed one is gone as soon as another is tried.
				if (before === undefined || name === "") this.#entries.delete(name);
				else this.#entries.set(name, before);
			},
		};
	}

	take(name: string): Tentative {
		const before = this.#entries.get(name);
		this.#entries.delete(name);
		return {
			confirm: () => {},
			undo: () => {
				if (before !== undefined && !this.#entries.has(name)) this.#entries.set(name, before);
			},
		};
	}

	delete(name: string): void {
		this.#entries.delete(name);
	}

	deleteWhere(matches: (entry: Entry) => boolean): void {
		for (const [name, entry] of this.#entries) if (matches(entry)) this.#entries.delete(name);
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

	/** Portals go with their transaction, but for those WITH HOLD. */
	transactionEnded(): void {
		this.portals.deleteWhere((portal) => !portal.hold);
	}
}
