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
	readonly #functionsByName = new Map<string, CatalogFunction[]>();
	readonly #operatorsByName = new Map<string, CatalogOperator[]>();
	readonly #typesByName = new Map<string, CatalogType>();

	addRelation(relation: Relation): void {
		this.relations.set(relation.oid, relation);
		this.#relationsByName.set(key(relation.schema, relation.name), relation);
	}

	addFunction(fn: CatalogFunction): void {
		this.functions.set(fn.oid, fn);
		append(this.#functionsByName, key(fn.schema, fn.name), fn);
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

	operatorsNamed(name: string): readonly CatalogOperator[] {
		return this.#operatorsByName.get(name) ?? [];
	}

	type(schema: string, name: string): CatalogType | undefined {
		return this.#typesByName.get(key(schema, name));
	}
}

/** No name holds a NUL. */
const key = (schema: string, name: string): string => `${schema}\0${name}`;

function append<K, V>(map: Map<K, V[]>, at: K, value: V): void {
	const list = map.get(at);
	if (list === undefined) map.set(at, [value]);
	else list.push(value);
}
