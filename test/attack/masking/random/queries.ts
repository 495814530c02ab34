import { Dice } from "./dice.ts";
import { type Around, DEPTH, Expressions } from "./expressions.ts";
import { type Column, LATERAL_FUNCTIONS, other, RELATIONS, type Source } from "./schema.ts";

/** Composes queries from pieces of the grammar; the same seed gives the same query. */
export class QueryWriter implements Around {
	readonly dice: Dice;
	readonly expressions: Expressions;
	/** The constructs that were used so far. */
	readonly used = new Set<string>();
	#names = 0;

	constructor(seed: number) {
		this.dice = new Dice(seed);
		this.expressions = new Expressions(this);
		this.query = this.query.bind(this);
		this.uses = this.uses.bind(this);
	}

	uses(construct: string): void {
		this.used.add(construct);
	}

	/** A SELECT as a source of columns named k1, k2 ...; it may name what is visible outside. */
	query(depth: number, outer: readonly Column[]): Source {
		const { dice, expressions } = this;
		const sources = this.#from(depth, outer);
		const own = sources.columns;
		const scope = dice.chance(0.2) ? [...own, ...outer] : own;
		const places = 1 + dice.below(depth === 0 ? 4 : 2);
		const grouped = dice.chance(depth === 0 ? 0.1 : 0.15);
		const key = grouped && dice.chance(0.6) ? this.#groupingKey(own) : "";
		const columns: Column[] = [];
		const items: string[] = [];
		for (let place = 1; place <= places; place++) {
			const item = grouped ? expressions.aggregate(scope) : expressions.value(scope, depth);
			items.push(`${item.sql} AS k${place}`);
			columns.push({ ...item, sql: `k${place}` });
		}
		const where = dice.chance(0.5) ? ` WHERE ${expressions.condition(scope, depth)}` : "";
		const tail = grouped ? this.#grouping(key, own) : this.#ordering(own, depth);
		const distinct = !grouped && dice.chance(0.04) && this.#used("distinct") ? "DISTINCT " : "";
		const select = `SELECT ${distinct}${items.join(", ")} FROM ${sources.from}${where}`;
		return { from: `${select}${distinct === "" ? tail : ""}`, columns };
	}

	/** No secret: that rows come in an order when they were grouped by one, which tells of it, is known. */
	#groupingKey(own: readonly Column[]): string {
		const open = own.filter((column) => !column.secret && column.type !== "other");
		return open.length === 0 ? "" : this.dice.pick(open).sql;
	}

	#grouping(key: string, own: readonly Column[]): string {
		if (key === "") return "";
		this.uses("group by");
		const how = this.dice.pick(["KEY", "KEY", "ROLLUP (KEY)", "GROUPING SETS ((KEY), ())"]);
		const having = this.dice.chance(0.3) ? ` HAVING ${this.expressions.aggregate(own).sql} IS NOT NULL` : "";
		return ` GROUP BY ${how.replace("KEY", () => key)}${having}`;
	}

	#ordering(own: readonly Column[], depth: number): string {
		const { dice } = this;
		if (!dice.chance(depth === 0 ? 0.5 : 0.3)) return "";
		this.uses("order by");
		const limit = dice.chance(0.2) && this.#used("limit") ? ` LIMIT ${1 + dice.below(3)}` : "";
		return ` ORDER BY ${this.expressions.control(own)}${limit}`;
	}

	#from(depth: number, outer: readonly Column[]): Source {
		const { dice } = this;
		const first = this.#item(depth, outer);
		if (dice.chance(0.6)) return first;
		const called = dice.chance(0.3) ? this.#lateralFunction(first) : undefined;
		if (called !== undefined) return called;
		if (dice.chance(0.2)) {
			this.uses("lateral");
			const lateral = this.#named(this.query(depth + 2, first.columns));
			return {
				from: `${first.from}, LATERAL ${lateral.from}`,
				columns: [...first.columns, ...lateral.columns],
			};
		}
		const second = this.#item(depth, outer);
		const columns = [...first.columns, ...second.columns];
		if (dice.chance(0.2)) return { from: `${first.from}, ${second.from}`, columns };
		this.uses("join");
		const kind = dice.pick(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"]);
		if (hasId(first) && hasId(second) && dice.chance(0.5)) {
			this.uses("using");
			return { from: `${first.from} ${kind} ${second.from} USING (id)`, columns };
		}
		const { expressions } = this;
		const on = `${expressions.control(first.columns)}::text = ${expressions.control(second.columns)}::text`;
		return { from: `${first.from} ${kind} ${second.from} ON ${on}`, columns };
	}

	/** A relation beside a function of one of its columns that gives rows. */
	#lateralFunction(first: Source): Source | undefined {
		const fitting = LATERAL_FUNCTIONS.flatMap((each) => {
			const column = first.columns.find(({ sql }) => sql.endsWith(`.${each.of}`));
			return column === undefined ? [] : [{ ...each, alias: column.sql.slice(0, -each.of.length - 1) }];
		});
		if (fitting.length === 0) return undefined;
		this.uses("function in from");
		const { call, columns, alias } = this.dice.pick(fitting);
		const name = this.#name();
		return {
			from: `${first.from}, ${call(alias).replace("#", name)}`,
			columns: [...first.columns, ...columns.map((column) => ({ ...column, sql: `${name}.${column.sql}` }))],
		};
	}

	#item(depth: number, outer: readonly Column[]): Source {
		const { dice } = this;
		if (depth < DEPTH && dice.chance(0.3)) {
			this.uses("subquery in from");
			return this.#named(this.query(depth + 1, []));
		}
		const name = this.#name();
		if (outer.length > 0 && dice.chance(0.1)) {
			this.uses("values");
			const value = this.expressions.value(outer, DEPTH);
			return { from: `(VALUES (${value.sql})) ${name}(v)`, columns: [{ ...value, sql: `${name}.v` }] };
		}
		const relation = dice.pick(RELATIONS);
		if (relation.kind !== undefined) this.uses(relation.kind);
		return this.#withRow(name, {
			from: `${relation.from} ${name}`,
			columns: relation.columns.map((column) => ({ ...column, sql: `${name}.${column.sql}` })),
		});
	}

	/** Now and then the whole row is a column too. */
	#withRow(name: string, source: Source): Source {
		if (!this.dice.chance(0.25)) return source;
		this.uses("whole row");
		const row = other(
			name,
			source.columns.some(({ secret }) => secret),
		);
		return { from: source.from, columns: [...source.columns, row] };
	}

	#named(query: Source): Source {
		const name = this.#name();
		const columns = query.columns.map((column) => ({ ...column, sql: `${name}.${column.sql}` }));
		return this.#withRow(name, { from: `(${query.from}) ${name}`, columns });
	}

	#name(): string {
		return `t${++this.#names}`;
	}

	#used(construct: string): true {
		this.uses(construct);
		return true;
	}
}

const hasId = ({ from, columns }: Source): boolean =>
	!from.startsWith("(") && !from.includes(",") && columns.some(({ sql }) => /^\w+\.id$/.test(sql));
