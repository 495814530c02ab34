import type {
	CatalogCast,
	CatalogComparison,
	CatalogEventTrigger,
	CatalogFunction,
	CatalogOperator,
	CatalogType,
	Relation,
} from "./model.ts";

/** The objects of one part of a catalog, found by what the analysis asks for. */
export class Objects {
	readonly schemas = new Set<string>();
	readonly relations = new Map<number, Relation>();
	readonly functions = new Map<number, CatalogFunction>();
	readonly operators: CatalogOperator[] = [];
	readonly types = new Map<number, CatalogType>();
	readonly userCasts: CatalogCast[] = [];
	readonly userComparisons: CatalogComparison[] = [];
	readonly eventTriggers: CatalogEventTrigger[] = [];

	readonly #relationsByName = new Map<string, Relation>();
	readonly #functionsByName = new Map<string, readonly CatalogFunction[]>();
	readonly #operatorsByName = new Map<string, CatalogOperator[]>();
	#bySymbol: Map<string, CatalogFunction[]> | undefined;
	readonly #typesByName = new Map<string, CatalogType>();

	/** A copy without these relations, functions and types. */
	without(gone: {
		readonly relations: ReadonlySet<number>;
		readonly functions: ReadonlySet<number>;
		readonly types: ReadonlySet<number>;
	}): Objects {
		const copy = new Objects();
		for (const schema of this.schemas) copy.schemas.add(schema);
		copyMap(copy.relations, this.relations);
		copyMap(copy.functions, this.functions);
		copyMap(copy.types, this.types);
		copyMap(copy.#relationsByName, this.#relationsByName);
		copyMap(copy.#functionsByName, this.#functionsByName);
		copyMap(copy.#operatorsByName, this.#operatorsByName);
		copyMap(copy.#typesByName, this.#typesByName);
		copy.operators.push(...this.operators);
		copy.userCasts.push(...this.userCasts);
		copy.userComparisons.push(...this.userComparisons);
		copy.eventTriggers.push(...this.eventTriggers);
		for (const oid of gone.relations) remove(copy.relations, copy.#relationsByName, oid);
		for (const oid of gone.types) remove(copy.types, copy.#typesByName, oid);
		for (const oid of gone.functions) copy.#removeFunction(oid);
		return copy;
	}

	#removeFunction(oid: number): void {
		const fn = this.functions.get(oid);
		if (fn === undefined) return;
		this.functions.delete(oid);
		const name = key(fn.schema, fn.name);
		const others = this.functionsNamed(fn.schema, fn.name).filter((other) => other.oid !== oid);
		if (others.length === 0) this.#functionsByName.delete(name);
		else this.#functionsByName.set(name, others);
	}

	addRelation(relation: Relation): void {
		this.relations.set(relation.oid, relation);
		this.#relationsByName.set(key(relation.schema, relation.name), relation);
	}

	/** Lists are shared with copies, so they are never changed. */
	addFunction(fn: CatalogFunction): void {
		this.functions.set(fn.oid, fn);
		this.#functionsByName.set(key(fn.schema, fn.name), [...this.functionsNamed(fn.schema, fn.name), fn]);
	}

	addOperator(operator: CatalogOperator): void {
		this.operators.push(operator);
		append(this.#operatorsByName, operator.name, operator);
	}

	addType(type: CatalogType): void {
		this.types.set(type.oid, type);
		this.#typesByName.set(key(type.schema, type.name), type);
	}

	relation(schema: string, name: string): Relation | undefined {
		return this.#relationsByName.get(key(schema, name));
	}

	functionsNamed(schema: string, name: string): readonly CatalogFunction[] {
		return this.#functionsByName.get(key(schema, name)) ?? [];
	}

	/** Worked out when it is first asked for: few databases have such functions of users'. */
	builtinsOf(symbol: string): readonly CatalogFunction[] {
		if (this.#bySymbol === undefined) {
			this.#bySymbol = new Map();
			for (const fn of this.functions.values())
				if (fn.native !== null && fn.native.library === null) append(this.#bySymbol, fn.native.symbol, fn);
		}
		return this.#bySymbol.get(symbol) ?? [];
	}

	operatorsNamed(name: string): readonly CatalogOperator[] {
		return this.#operatorsByName.get(name) ?? [];
	}

	type(schema: string, name: string): CatalogType | undefined {
		return this.#typesByName.get(key(schema, name));
	}
}

/** No name holds a NUL. */
const key = (schema: string, name: string): string => `${schema}\0${name}`;

function copyMap<K, V>(to: Map<K, V>, from: ReadonlyMap<K, V>): void {
	for (const [at, value] of from) to.set(at, value);
}

function remove<T extends { readonly oid: number; readonly schema: string; readonly name: string }>(
	byOid: Map<number, T>,
	byName: Map<string, T>,
	oid: number,
): void {
	const object = byOid.get(oid);
	if (object === undefined) return;
	byOid.delete(oid);
	const name = key(object.schema, object.name);
	if (byName.get(name) === object) byName.delete(name);
}

function append<K, V>(map: Map<K, V[]>, at: K, value: V): void {
	const list = map.get(at);
	if (list === undefined) map.set(at, [value]);
	else list.push(value);
}
