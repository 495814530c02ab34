import type { OutputColumn } from "./lineage.ts";
import type { SqlStatement, SqlWrite } from "./sql.ts";

/** What one statement of a command gives back, for the masks. */
export interface ResultShape {
	readonly returns: "nothing" | "rows" | "copy_in" | "copy_out";
	/** Null where the analysis can't tell the columns: a mask can't be kept then. */
	readonly output: readonly OutputColumn[] | null;
	/** True when the statement changes data, so that nothing may fail after it has run. */
	readonly writes: boolean;
}

/** A name that does not resolve, or a text that is no statement: what the target itself would answer. */
export interface TargetError {
	/** The target's own code: a SQLSTATE for SQL. */
	readonly code: string;
	readonly message: string;
	readonly hint: string | null;
	/** 1-based, in characters of the text. */
	readonly position: number | null;
}

/** What the target's catalog says of a relation, as far as masks need it. */
export interface RelationFacts {
	readonly columns: readonly string[];
	/** Parents, partitions and children, at any distance. */
	readonly relatives: readonly { readonly schema: string; readonly table: string }[];
}

/** A range of the text that must never be written anywhere: the literal of a password. In UTF-8 bytes. */
export interface Redaction {
	readonly start: number;
	readonly length: number;
}

/**
 * A SQL command as the gate takes it: analysed once for a text and a scope, asked about many times. `head` is the
 * part of the policy's input that does not change from one execution to the next, already JSON:
 * `{"type":"sql","dialect":...,"text":...,"fingerprint":...,"statements":[...],"writes":[...]`, without the brace
 * that closes it.
 */
export interface AnalysedCommand {
	readonly text: string;
	/** The text as JSON. */
	readonly quotedText: string;
	readonly fingerprint: string;
	readonly head: string;
	/** The part of `head` behind the text: the same for texts that differ in constants only. */
	readonly tail: string;
	/** The same array for commands with the same `tail`, so that what depends on no constant can be kept by it. */
	readonly statements: readonly SqlStatement[];
	readonly writes: readonly SqlWrite[];
	readonly results: readonly ResultShape[];
	readonly unresolved: TargetError | null;
	readonly redactions: readonly Redaction[];
	/** Where constants stand in such a command's text. */
	readonly constants: (text: string) => readonly Redaction[];
	/** Texts that stand elsewhere and that it runs: an approver is shown them, and approves of them alone. */
	readonly runs: readonly string[];
	/**
	 * What the names of the text stood for, as text: role, search path, the objects and their definitions. Part of an
	 * approval's binding, and worked out only for that.
	 */
	scope(): string;
	/** Of the catalog that the names were resolved in; null where it has no relation of that name. */
	relation(schema: string, name: string): RelationFacts | null;
}
