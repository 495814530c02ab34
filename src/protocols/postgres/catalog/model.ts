/**
 * An immutable picture of one database's catalog, as far as the meaning of statements needs it. Two of them are
 * never mixed within one statement; `epoch` says which one a statement was analysed on.
 */
export interface Catalog {
	/** Rises with each change that the gateway learns of. */
	readonly epoch: number;
	/** `server_version_num`, such as 150018. */
	readonly serverVersion: number;
	hasSchema(name: string): boolean;
	relation(schema: string, name: string): Relation | undefined;
	relationByOid(oid: number): Relation | undefined;
	/** Every overload of that name in that schema; empty when there is none. */
	functions(schema: string, name: string): readonly CatalogFunction[];
	functionByOid(oid: number): CatalogFunction | undefined;
	/** The server's own functions behind which is this piece of its code; mostly one. */
	builtinsOf(symbol: string): readonly CatalogFunction[];
	/** Every relation that is not the server's own. */
	userRelations(): Iterable<Relation>;
	/** Every operator of that name in any schema. */
	operators(name: string): readonly CatalogOperator[];
	type(schema: string, name: string): CatalogType | undefined;
	typeByOid(oid: number): CatalogType | undefined;
	/** Casts that are not the server's own, and those that run a function which is not; usually empty. */
	readonly userCasts: readonly CatalogCast[];
	/**
	 * Functions of users' that the server runs by itself to sort, compare or hash values of a type: those of the type's
	 * operator classes. Usually empty.
	 */
	readonly userComparisons: readonly CatalogComparison[];
	/** True when an event trigger is enabled: DDL then runs a function. */
	readonly eventTriggers: readonly CatalogEventTrigger[];
}

export type RelationKind =
	| "table"
	| "partitioned_table"
	| "view"
	| "materialized_view"
	| "foreign_table"
	| "sequence"
	| "index"
	| "composite_type"
	| "toast";

export interface Relation {
	readonly oid: number;
	readonly schema: string;
	readonly name: string;
	readonly kind: RelationKind;
	readonly temporary: boolean;
	/** Live columns by `attnum`, ascending; system columns (`ctid`, `xmin` ...) are not listed. */
	readonly columns: readonly RelationColumn[];
	/**
	 * `pg_get_viewdef` of a view or materialised view, to be parsed with an empty search path (every name is qualified).
	 * A view whose definition is null couldn't be read, because somebody's DDL holds a lock on what it names: opaque. The
	 * same goes for a bound body of a function; a rule or policy then has a text that doesn't parse.
	 */
	readonly viewDefinition: string | null;
	/** Enabled triggers, internal ones (foreign keys) excepted. */
	readonly triggers: readonly CatalogTrigger[];
	/** `pg_get_ruledef` of each rule but a view's own `_RETURN`. */
	readonly rules: readonly {
		readonly event: "select" | "insert" | "update" | "delete";
		readonly definition: string;
	}[];
	/** USING and WITH CHECK expressions of row security, when it is enabled on the relation. */
	readonly policies: readonly {
		readonly command: string;
		readonly using: string | null;
		readonly check: string | null;
	}[];
	/** CHECK constraints, as expressions. */
	readonly checks: readonly string[];
	/** Expressions and predicates of indexes and partition keys, each a list of expressions with commas between. */
	readonly indexExpressions: readonly string[];
	/** Functions of users' by which its indexes and partition keys compare. */
	readonly comparisons: readonly number[];
	/** Of each statistics object on expressions: a list of them with commas between. */
	readonly statisticsExpressions: readonly string[];
	/** Of a partitioned table the columns that say where a row belongs, by `attnum`; 0 stands for an expression. */
	readonly partitionKey: readonly number[];
	/** Inheritance and partitions. */
	readonly parents: readonly number[];
	readonly children: readonly number[];
	/** Foreign keys that point here and act (CASCADE, SET NULL, SET DEFAULT): writes reach those relations too. */
	readonly cascades: readonly {
		readonly relation: number;
		readonly on: "delete" | "update";
		readonly action: "delete" | "update";
		/** The columns that refer get their defaults. */
		readonly defaults: boolean;
	}[];
}

export interface RelationColumn {
	readonly number: number;
	readonly name: string;
	readonly typeOid: number;
	/** The type's modifier (a length, a precision), as RowDescription has it; -1 for none. */
	readonly modifier: number;
	/** The default's or the generation's expression (`pg_get_expr`), null when there is none. */
	readonly defaultExpression: string | null;
	readonly generated: boolean;
}

export interface CatalogTrigger {
	readonly name: string;
	readonly events: readonly ("insert" | "update" | "delete" | "truncate")[];
	readonly functionOid: number;
	readonly when: string | null;
}

export interface CatalogEventTrigger {
	readonly name: string;
	readonly functionOid: number;
}

export interface CatalogFunction {
	readonly oid: number;
	readonly schema: string;
	readonly name: string;
	readonly kind: "function" | "procedure" | "aggregate" | "window";
	readonly volatility: "immutable" | "stable" | "volatile";
	readonly language: string;
	readonly securityDefiner: boolean;
	/** Count of input arguments and how many of the last have defaults; variadic takes any more. */
	readonly arguments: number;
	readonly defaults: number;
	readonly variadic: boolean;
	readonly argumentNames: readonly string[];
	readonly argumentTypes: readonly number[];
	readonly returnType: number;
	readonly returnsSet: boolean;
	/** Names of OUT, INOUT and TABLE columns; empty when the result has no such list. */
	readonly outputNames: readonly string[];
	/** The body for languages sql and plpgsql (`prosrc`, or `pg_get_function_sqlbody`); null for all others. */
	readonly body: string | null;
	/**
	 * True for SQL-standard bodies (`BEGIN ATOMIC`, `RETURN`): bound when they were made, here with every name
	 * qualified. Other bodies resolve their names when they run, on the caller's search path or that of `settings`.
	 */
	readonly bodyIsBound: boolean;
	/** Defaults of the last `defaults` arguments, as a list of expressions with commas between; null when none. */
	readonly defaultExpressions: string | null;
	/**
	 * Of a function in C or one of the server's own code: the library (`$libdir/hstore`; null for the server itself) and
	 * the name in it. It does what that does, whatever it is called: only superusers make such functions.
	 */
	readonly native: { readonly library: string | null; readonly symbol: string } | null;
	/** An aggregate's functions (transition, final, combine, moving, ordering's excepted): it runs them. */
	readonly support: readonly number[];
	/** `SET name = value` clauses of the function. */
	readonly settings: readonly string[];
}

export interface CatalogOperator {
	/** Not the server's own, whatever function it runs. */
	readonly users: boolean;
	readonly schema: string;
	readonly name: string;
	readonly functionOid: number;
	readonly leftType: number;
	readonly rightType: number;
}

export interface CatalogType {
	readonly oid: number;
	readonly schema: string;
	readonly name: string;
	readonly kind: "base" | "composite" | "domain" | "enum" | "pseudo" | "range" | "multirange";
	/** The relation behind a composite type, the base type of a domain, the element of an array; 0 otherwise. */
	readonly relationOid: number;
	readonly baseType: number;
	readonly elementType: number;
	/** CHECK constraints of a domain, as expressions. */
	readonly checks: readonly string[];
	/** A domain's own default, as an expression. */
	readonly defaultExpression: string | null;
	/** Input and output functions; of interest when they are not the server's own. */
	readonly inputFunction: number;
	readonly outputFunction: number;
}

export interface CatalogCast {
	readonly source: number;
	readonly target: number;
	readonly functionOid: number;
	readonly context: "implicit" | "assignment" | "explicit";
}

export interface CatalogComparison {
	readonly type: number;
	readonly functionOid: number;
	/** Of the type's default operator class: an index or a partition key may also name another. */
	readonly isDefault: boolean;
}

/** OIDs from here on are made after initdb: by users, extensions, `CREATE`. */
export const FIRST_USER_OID = 16384;
