import {
	type ColumnUse,
	EFFECTS,
	type Effect,
	type Flow,
	type SqlColumn,
	type SqlFunction,
	type SqlRelation,
	type SqlStatement,
	type SqlWrite,
} from "../../../commands/index.ts";
import type { CatalogFunction, Relation } from "../catalog/model.ts";
import type { AnalysedStatement, Changes, ResolutionError } from "./model.ts";
import type { Source, Value } from "./value.ts";

/** `schema.name`, as policies write it: parts that hold a dot or a quote in double quotes. */
export function qualified(schema: string, name: string): string {
	return `${part(schema)}.${part(name)}`;
}

const part = (name: string): string => (/[."]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);

/** Sources of a value up to which it is quicker to go through them than to remember that it was done. */
const FEW = 8;

/** What more is said of how a column is used. */
interface Options {
	/** Only compared for equality with constants, or asked whether it is NULL. */
	equality?: boolean;
	/** Only asked whether it is NULL. */
	nullTest?: boolean;
	stored?: boolean;
}

/** What one statement was found to do, gathered while its tree is walked. Everything in it is a set. */
export class Findings {
	readonly effects = new Set<Effect>();
	readonly opaqueReasons = new Set<string>();
	readonly nested: AnalysedStatement[] = [];
	/** Texts that stand elsewhere and that it runs. */
	readonly runs: string[] = [];
	unresolved: ResolutionError | null = null;
	/** Settings, catalog, temporary objects: what may be different afterwards. */
	changes: Changes = { settings: false, schema: false, temporary: false };
	cacheable = true;
	/** A body runs whose names are looked up when it runs, and not before. */
	late = false;
	/** Something that runs within the statement changes what names mean. */
	moving = false;
	readonly #relations = new Map<string, SqlRelation>();
	readonly #columns = new Map<string, SqlColumn>();
	readonly #functions = new Map<string, SqlFunction>();
	readonly #writes = new Map<string, SqlWrite>();
	readonly #computed = new Map<string, Source>();
	/** Sources of large values, by the way in which they were used. */
	readonly #used = new Map<string, WeakSet<readonly Source[]>>();

	/** How often something was found that does more than read. */
	acts = 0;

	effect(...effects: readonly Effect[]): void {
		for (const effect of effects) this.effects.add(effect);
		if (effects.some((effect) => effect !== "read")) this.acts += 1;
	}

	/** The statement does something that can't be judged, for this reason (a sentence). */
	opaque(reason: string): void {
		this.opaqueReasons.add(reason);
		this.effects.add("unknown");
	}

	/**
	 * To be said of a whole statement: rows are worked on one after the other, and functions in no order that could be
	 * told, so that the names of one may be looked up after another has changed what they mean.
	 */
	settle(): void {
		if (this.late && this.moving && this.opaqueReasons.size === 0)
			this.opaque("a function may run after another has changed settings or the schema");
	}

	change(changes: Partial<Changes>): void {
		this.changes = {
			settings: this.changes.settings || (changes.settings ?? false),
			schema: this.changes.schema || (changes.schema ?? false),
			temporary: this.changes.temporary || (changes.temporary ?? false),
		};
	}

	relation(
		relation: Pick<Relation, "schema" | "name" | "temporary"> & { kind: SqlRelation["kind"] },
		access: string,
		via: readonly string[] = [],
	): void {
		this.#addRelation({
			schema: relation.schema,
			name: relation.name,
			kind: relation.kind,
			temporary: relation.temporary,
			access: [access],
			via: [...via],
		});
	}

	#addRelation(found: SqlRelation): void {
		const key = JSON.stringify([found.schema, found.name, found.via]);
		const known = this.#relations.get(key);
		if (known === undefined) {
			this.#relations.set(key, { ...found, access: [...found.access], via: [...found.via] });
			return;
		}
		for (const access of found.access) if (!known.access.includes(access)) known.access.push(access);
	}

	/** The columns behind a value are used in that way; `null`: named at all. */
	use(value: Value, use: ColumnUse | null, options: Options = {}): void {
		if (value.sources.length > FEW && !this.#isNew(value, use, options)) return;
		for (const source of value.sources) {
			// How many values there are decides nothing that a value could be told by.
			const how = source.flow === "count_only" && use !== "output" ? null : use;
			this.column(source.relation, source.column, how, how === null ? {} : { ...options, flow: source.flow });
		}
	}

	/** False for the same value used in the same way again: a whole row may have a thousand columns behind it. */
	#isNew({ sources }: Value, use: ColumnUse | null, options: Options): boolean {
		const way = `${use} ${options.equality === true} ${options.nullTest === true} ${options.stored === true}`;
		const used = this.#used.get(way) ?? new WeakSet();
		this.#used.set(way, used);
		if (used.has(sources)) return false;
		used.add(sources);
		return true;
	}

	/**
	 * Rows fall together by a value: grouped, made distinct, merged by a set operation. Of a column as it is that tells
	 * which of its values are equal; of something computed, or mixed with values of one's own, it tells as much as a
	 * comparison, and is one.
	 */
	together(value: Value, use: "group" | "distinct"): void {
		this.use(value, use);
		if (value.mixed === true || value.sources.some((source) => source.flow !== "direct"))
			this.use(value, "predicate");
	}

	/** A query computes a value: how much room that takes can be seen in its plan. */
	computes(value: Value): void {
		for (const source of value.sources) {
			if (source.flow !== "direct") this.#computed.set(`${source.relation.oid}.${source.column}`, source);
		}
	}

	/** The columns that queries here computed something of. */
	get computed(): Source[] {
		return [...this.#computed.values()];
	}

	column(
		relation: Pick<Relation, "schema" | "name">,
		name: string,
		use: ColumnUse | null,
		options: Options & { flow?: Flow } = {},
	): void {
		const found: SqlColumn = {
			schema: relation.schema,
			table: relation.name,
			name,
			use: use === null ? [] : [use],
			equality_only: use === "predicate" && options.equality === true,
			null_only: use === "predicate" && options.nullTest === true,
			stored: options.stored ?? false,
			flows: use === "output" && options.flow !== undefined ? [options.flow] : [],
		};
		this.#addColumn(found, found);
	}

	/** @param own what is kept of it where it is the first: changed when more is found, and so nobody else's */
	#addColumn(found: SqlColumn, own?: SqlColumn): void {
		const key = `${found.schema}\u0000${found.table}\u0000${found.name}`;
		const known = this.#columns.get(key);
		if (known === undefined) {
			this.#columns.set(key, own ?? { ...found, use: [...found.use], flows: [...found.flows] });
			return;
		}
		if (found.use.includes("predicate")) {
			const isFirst = !known.use.includes("predicate");
			known.equality_only = found.equality_only && (isFirst || known.equality_only);
			known.null_only = found.null_only && (isFirst || known.null_only);
		}
		for (const use of found.use) if (!known.use.includes(use)) known.use.push(use);
		for (const flow of found.flows) if (!known.flows.includes(flow)) known.flows.push(flow);
		known.stored ||= found.stored;
	}

	function(called: CatalogFunction, via: readonly string[] = []): void {
		this.#addFunction({
			schema: called.schema,
			name: called.name,
			volatility: called.volatility,
			language: called.language,
			security_definer: called.securityDefiner,
			via: [...via],
		});
	}

	#addFunction(found: SqlFunction): void {
		this.#functions.set(
			JSON.stringify([
				found.schema,
				found.name,
				found.language,
				found.security_definer,
				found.volatility,
				found.via,
			]),
			{
				...found,
				via: [...found.via],
			},
		);
	}

	write(write: SqlWrite): void {
		this.#writes.set(JSON.stringify(write), write);
	}

	/**
	 * Takes over what a part of the statement was found to do. `via` is put before the ways of its relations and
	 * functions (a view, a trigger). `columns: "named"` keeps which columns it reads but not how: what a view or a
	 * policy does with them is fixed by its owner and can't be used to probe values.
	 */
	absorb(other: Findings, options: { via?: string; columns?: "used" | "named" } = {}): void {
		const prefix = options.via === undefined ? [] : [options.via];
		for (const effect of other.effects) this.effects.add(effect);
		this.acts += other.acts;
		for (const reason of other.opaqueReasons) this.opaqueReasons.add(reason);
		for (const relation of other.#relations.values())
			this.#addRelation({ ...relation, via: [...prefix, ...relation.via] });
		for (const column of other.#columns.values()) {
			this.#addColumn(
				options.columns === "named"
					? { ...column, use: [], equality_only: false, null_only: false, stored: false, flows: [] }
					: column,
			);
		}
		for (const called of other.#functions.values())
			this.#addFunction({ ...called, via: [...prefix, ...called.via] });
		for (const write of other.#writes.values()) this.write(write);
		if (options.columns !== "named")
			for (const [key, source] of other.#computed) this.#computed.set(key, source);
		this.runs.push(...other.runs);
		this.unresolved ??= other.unresolved;
		this.cacheable &&= other.cacheable;
		this.late ||= other.late;
		this.moving ||= other.moving;
		this.change(other.changes);
	}

	/** Takes over what a statement names and does not do: it is planned only. Writes and effects stay away. */
	absorbPlanned(other: Findings): void {
		const planned = new Findings();
		planned.absorb(other);
		planned.effects.clear();
		planned.#writes.clear();
		planned.changes = { settings: false, schema: false, temporary: false };
		if (planned.opaqueReasons.size > 0) planned.effects.add("unknown");
		this.absorb(planned);
	}

	/** Takes over what an analysed statement does: EXECUTE and FETCH do what the registry holds for them. */
	absorbStatement(statement: AnalysedStatement): void {
		const { policy } = statement;
		this.effect(...policy.effects);
		for (const reason of policy.opaque_reasons) this.opaqueReasons.add(reason);
		for (const relation of policy.relations) this.#addRelation(relation);
		for (const column of policy.columns) this.#addColumn(column);
		for (const called of policy.functions) this.#addFunction(called);
		for (const write of statement.writes) this.write(write);
		this.change(statement.changes);
	}

	get writes(): SqlWrite[] {
		return [...this.#writes.values()];
	}

	get functions(): SqlFunction[] {
		return [...this.#functions.values()];
	}

	get columns(): SqlColumn[] {
		return [...this.#columns.values()];
	}

	get relations(): SqlRelation[] {
		return [...this.#relations.values()];
	}

	/** The statement in the policy's words. */
	statement(
		shape: Pick<SqlStatement, "kind" | "has_where" | "where_is_constant" | "limit" | "details">,
	): SqlStatement {
		const effects = EFFECTS.filter((effect) => this.effects.has(effect));
		return {
			kind: shape.kind,
			effects,
			effect: effects.at(-1) ?? "read",
			relations: this.relations,
			columns: this.columns.map((column) => ({ ...column, use: [...column.use], flows: [...column.flows] })),
			functions: this.functions,
			has_where: shape.has_where,
			where_is_constant: shape.where_is_constant,
			limit: shape.limit,
			opaque: this.opaqueReasons.size > 0,
			opaque_reasons: [...this.opaqueReasons],
			details: shape.details,
			nested: this.nested.map((inner) => inner.policy),
		};
	}
}
