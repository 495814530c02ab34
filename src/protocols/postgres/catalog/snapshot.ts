import type { Definitions } from "./definitions.ts";
import type {
	Catalog,
	CatalogCast,
	CatalogComparison,
	CatalogEventTrigger,
	CatalogFunction,
	CatalogOperator,
	CatalogType,
	Relation,
} from "./model.ts";
import { FIRST_USER_OID } from "./model.ts";
import type { Objects } from "./objects.ts";

/** The server's own objects and the database's, seen as one catalog. The parts are never changed once they are here. */
export class CatalogSnapshot implements Catalog {
	readonly epoch: number;
	readonly serverVersion: number;
	readonly server: Objects;
	readonly user: Objects;
	/** What `user` was made of, for the next one. */
	readonly definitions: Definitions;

	constructor(
		epoch: number,
		serverVersion: number,
		server: Objects,
		user: Objects,
		definitions: Definitions,
	) {
		this.epoch = epoch;
		this.serverVersion = serverVersion;
		this.server = server;
		this.user = user;
		this.definitions = definitions;
	}

	builtinsOf(symbol: string): readonly CatalogFunction[] {
		return this.server.builtinsOf(symbol);
	}

	get userCasts(): readonly CatalogCast[] {
		return this.user.userCasts;
	}

	get userComparisons(): readonly CatalogComparison[] {
		return this.user.userComparisons;
	}

	get eventTriggers(): readonly CatalogEventTrigger[] {
		return this.user.eventTriggers;
	}

	hasSchema(name: string): boolean {
		return this.user.schemas.has(name);
	}

	relation(schema: string, name: string): Relation | undefined {
		return this.user.relation(schema, name) ?? this.server.relation(schema, name);
	}

	relationByOid(oid: number): Relation | undefined {
		return this.#part(oid).relations.get(oid);
	}

	userRelations(): Iterable<Relation> {
		return this.user.relations.values();
	}

	functions(schema: string, name: string): readonly CatalogFunction[] {
		return joined(this.server.functionsNamed(schema, name), this.user.functionsNamed(schema, name));
	}

	functionByOid(oid: number): CatalogFunction | undefined {
		return this.#part(oid).functions.get(oid);
	}

	operators(name: string): readonly CatalogOperator[] {
		return joined(this.server.operatorsNamed(name), this.user.operatorsNamed(name));
	}

	type(schema: string, name: string): CatalogType | undefined {
		return this.user.type(schema, name) ?? this.server.type(schema, name);
	}

	typeByOid(oid: number): CatalogType | undefined {
		return this.#part(oid).types.get(oid);
	}

	#part(oid: number): Objects {
		return oid < FIRST_USER_OID ? this.server : this.user;
	}
}

function joined<T>(server: readonly T[], user: readonly T[]): readonly T[] {
	if (user.length === 0) return server;
	return server.length === 0 ? user : [...server, ...user];
}
