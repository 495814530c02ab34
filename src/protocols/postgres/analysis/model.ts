import type { OutputColumn, SqlStatement, SqlWrite } from "../../../commands/index.ts";
import type { Catalog } from "../catalog/model.ts";
import type { ParseTree, PlpgsqlTree } from "../grammar/index.ts";

/** What a statement is analysed in: the names that the session sees. */
export interface Scope {
	readonly catalog: Catalog;
	/**
	 * The schemas of the effective search path, first to last, as `current_schemas(true)` gives them: the temporary
	 * schema where there is one, `pg_catalog`, and only those that exist and that the role may use.
	 */
	readonly searchPath: readonly string[];
	/** The session's temporary schema (`pg_temp_3`); null while it has none. */
	readonly temporarySchema: string | null;
	/** The current role: SET ROLE's, else the session's user. */
	readonly role: string;
	/** The current database: the only one that a name of three parts may begin with. */
	readonly database: string;
	/**
	 * True while a transaction is open in which settings, role or the catalog changed: its end brings others back,
	 * so that what follows COMMIT or ROLLBACK in the same text can't be resolved here.
	 */
	readonly revertible: boolean;
	/** The server's encoding where it isn't UTF-8: it may read names beyond ASCII otherwise than the gateway. */
	readonly otherEncoding?: string | undefined;
	/**
	 * The server's grammar for texts that the catalog holds (definitions, function bodies, expressions as
	 * `SELECT ...`): synchronous, null for whatever it refuses.
	 */
	parse(text: string): ParseTree | null;
	/** A body in PL/pgSQL behind the header that its variables depend on; null for whatever the parser refuses. */
	parsePlpgsql(body: string, header: string): PlpgsqlTree | null;
	/** The types that the wire's Parse declares for `$1` and on, 0 where it leaves them to the server. */
	readonly parameterTypes?: readonly number[];
	/** What a name of PREPARE or of the wire's Parse holds; undefined when the registry doesn't know it. */
	prepared(name: string): AnalysedStatement | undefined;
	/** What a cursor or a wire portal holds. */
	cursor(name: string): AnalysedStatement | undefined;
}

export interface AnalysedStatement {
	readonly policy: SqlStatement;
	/** The statement's place within the text, in UTF-8 bytes. */
	readonly start: number;
	readonly length: number;
	/** What it and everything nested in it changes, flattened. */
	readonly writes: readonly SqlWrite[];
	/** What comes back: nothing but a tag, rows, or a COPY in one direction. */
	readonly returns: "nothing" | "rows" | "copy_in" | "copy_out";
	/** The columns of the rows (of a COPY OUT too); null where the analysis can't tell them. */
	readonly output: readonly OutputColumn[] | null;
	/** What the session has to keep step with. */
	readonly control: Control;
	readonly changes: Changes;
	/** The first name that does not resolve, as the server would report it; null when all do. */
	readonly unresolved: ResolutionError | null;
	/** Texts that stand elsewhere and that it runs: what EXECUTE's and FETCH's names hold. */
	readonly runs: readonly string[];
	/** Of what the registry holds: the row filters that were added to it, as JSON. */
	readonly filteredBy?: string;
	/** Of what the registry holds: the text that it was made by. */
	readonly text?: string;
	/** False when the analysis drew on the registry (EXECUTE, FETCH), so that it may not be kept by text. */
	readonly cacheable: boolean;
}

/** What may be different for the statements that follow. When in doubt, true. */
export interface Changes {
	/** Settings, role, search path: by SET, by a function, by anything opaque. */
	readonly settings: boolean;
	/** Anything in the catalog. */
	readonly schema: boolean;
	/** Temporary objects of this session. */
	readonly temporary: boolean;
}

export interface ResolutionError {
	/** 42P01, 42703, 42883, 3F000, 42P02, 42702, 42725 ... */
	readonly sqlstate: string;
	/** The server's own words: `relation "x" does not exist`. */
	readonly message: string;
	readonly hint: string | null;
	/** 1-based, in characters of the text, as ErrorResponse's `P`; null when there is none. */
	readonly position: number | null;
}

export type Control =
	| { readonly type: "plain" }
	| { readonly type: "transaction"; readonly operation: TransactionOperation; readonly chain: boolean }
	/** `value` is null for SET x TO DEFAULT and RESET x; the texts of a list are joined as the server shows them. */
	| { readonly type: "set"; readonly name: string; readonly value: string | null; readonly local: boolean }
	| { readonly type: "reset_all" }
	/** `text` is that of the whole statement, once that is known. */
	| {
			readonly type: "prepare";
			readonly name: string;
			readonly statement: AnalysedStatement;
			readonly text: string;
	  }
	| { readonly type: "execute"; readonly name: string }
	/** Null: all of them. */
	| { readonly type: "deallocate"; readonly name: string | null }
	| {
			readonly type: "declare";
			readonly name: string;
			readonly hold: boolean;
			readonly statement: AnalysedStatement;
			readonly text: string;
	  }
	| { readonly type: "fetch"; readonly name: string; readonly move: boolean }
	| { readonly type: "close"; readonly name: string | null }
	| { readonly type: "discard"; readonly target: "all" | "plans" | "sequences" | "temporary" };

export type TransactionOperation =
	| "begin"
	| "commit"
	| "rollback"
	| "savepoint"
	| "release"
	| "rollback_to"
	| "prepare"
	| "commit_prepared"
	| "rollback_prepared";
