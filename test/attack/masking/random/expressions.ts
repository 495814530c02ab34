import type { Dice } from "./dice.ts";
import { bool, type Column, int, other, type Source, text } from "./schema.ts";

/** Of this share of the places that decide about rows, what stands there may be a secret. */
const BOLD = 0.03;
/** How deep queries and texts are nested in one another. */
export const DEPTH = 2;

type Scope = readonly Column[];

/** What a query is made of, for those who write its parts. */
export interface Around {
	readonly dice: Dice;
	/** Notes that the statement has a construct of this name. */
	uses(construct: string): void;
	query(depth: number, outer: Scope): Source;
}

/** Ways to make a text of a text; none fails for some values only. */
const UNARY: readonly (readonly [construct: string, sql: string])[] = [
	...["upper(?)", "reverse(?)", "left(?, 3)", "md5(?)", "split_part(?, '@', 1)", "quote_literal(?)"].map(
		(sql) => ["function", sql] as const,
	),
	["cast", "(?)::varchar(5)"],
	["function", "substring(? from '^[a-m]+')"],
	["function", "nullif(left(?, 1), 'b')"],
	["function", "encode(convert_to(?, 'UTF8'), 'base64')"],
	["function", "regexp_replace(?, '[a-m]', '', 'g')"],
	["function", "format('%s/%L', ?, ?)"],
	["array", "(ARRAY[?, 'x'])[1]"],
	["array", "(ARRAY['x', 'y'])[length(?) % 3]"],
	["array", "array_to_string(string_to_array(?, NULL), '-')"],
	["row", "(ROW(?, 1))::text"],
	["json", "to_json(?)::text"],
	["json", "jsonb_build_object('v', ?) ->> 'v'"],
	["xml", "(xmlelement(name e, ?))::text"],
	["coalesce", "coalesce(?, 'none')"],
	["variadic function", "many(?, 'x')"],
	["sql function", "many(VARIADIC ARRAY[?, ?])"],
];

/** Writes expressions over columns. */
export class Expressions {
	readonly #around: Around;

	constructor(around: Around) {
		this.#around = around;
	}

	/** Anything for a column of the result. */
	value(scope: Scope, depth: number): Column {
		const { dice } = this.#around;
		switch (dice.below(5)) {
			case 0:
				return dice.pick(scope);
			case 1:
				return this.int(scope, depth);
			case 2:
				return this.bool(scope, depth);
			case 3:
				return this.other(scope, depth);
			default:
				return this.text(scope, depth);
		}
	}

	of(scope: Scope, type: Column["type"]): Column {
		const { dice } = this.#around;
		const fitting = scope.filter((column) => column.type === type);
		if (fitting.length > 0) return dice.pick(fitting);
		const any = dice.pick(scope);
		const sql = {
			int: `length((${any.sql})::text)`,
			text: `(${any.sql})::text`,
			bool: `(${any.sql}) IS NULL`,
		};
		return { sql: type === "other" ? any.sql : sql[type], type, secret: any.secret };
	}

	text(scope: Scope, depth: number): Column {
		const { dice, query, uses } = this.#around;
		const one = depth < DEPTH && dice.chance(0.4) ? this.text(scope, depth + 1) : this.of(scope, "text");
		const any = dice.pick(scope);
		switch (dice.below(6)) {
			case 0:
				uses("concatenation");
				return text(`(${one.sql} || (${any.sql})::text)`, one.secret || any.secret);
			case 1: {
				uses("case");
				const test = this.condition(scope, DEPTH);
				return text(
					`CASE WHEN ${test} THEN ${one.sql} ELSE (${any.sql})::text END`,
					one.secret || any.secret,
				);
			}
			case 2: {
				if (depth >= DEPTH) return one;
				uses("scalar subquery");
				const inner = query(depth + 2, scope);
				const secret = inner.columns.some((column) => column.secret);
				return text(`(SELECT string_agg(k1::text, ',') FROM (${inner.from}) s)`, secret || one.secret);
			}
			case 3: {
				uses("sql function");
				const id = this.of(scope, "int");
				return text(`${dice.pick(["email_of", "bound"])}(${id.sql})`, true);
			}
			default: {
				const [construct, sql] = dice.pick(UNARY);
				uses(construct);
				return text(
					sql.replaceAll("?", () => one.sql),
					one.secret,
				);
			}
		}
	}

	int(scope: Scope, depth: number): Column {
		const { dice, uses } = this.#around;
		const one = this.of(scope, "text");
		const number = this.of(scope, "int");
		if (depth === 0 && dice.chance(0.3)) {
			uses("window function");
			return this.#window(scope, one);
		}
		const pieces: readonly Column[] = [
			int(`length(${one.sql})`, one.secret),
			int(`ascii(${one.sql})`, one.secret),
			int(`position('b' in ${one.sql})`, one.secret),
			int(`(${number.sql} + length(${one.sql}))`, number.secret || one.secret),
			int(`(${number.sql} % 7)`, number.secret),
			int(`hashtext(${one.sql})`, one.secret),
		];
		return depth > DEPTH ? number : dice.pick(pieces);
	}

	bool(scope: Scope, depth: number): Column {
		const { dice, query, uses } = this.#around;
		const one = this.of(scope, "text");
		const number = this.int(scope, DEPTH);
		const pieces: readonly Column[] = [
			bool(`${one.sql} LIKE 'b%'`, one.secret),
			bool(`${one.sql} > 'm'`, one.secret),
			bool(`(${one.sql} ~ '^[a-m]' OR NULL)`, one.secret),
			bool(`${number.sql} > 2`, number.secret),
			bool(`${one.sql} = 'nobody'`, one.secret),
			bool(`${one.sql} IN ('x', 'nobody')`, one.secret),
			bool(`${one.sql} OPERATOR(public.~~~) 'b'`, one.secret),
			bool(`${one.sql} IS DISTINCT FROM 'nobody'`, one.secret),
			bool(`(${one.sql}, ${number.sql}) > ('m', 2)`, one.secret || number.secret),
			this.of(scope, "bool"),
		];
		if (depth >= DEPTH - 1 || dice.chance(0.7)) return dice.pick(pieces);
		const inner = query(depth + 2, scope);
		const [first] = inner.columns;
		switch (dice.below(3)) {
			case 0:
				uses("any subquery");
				return bool(
					`${one.sql} = ANY (SELECT k1::text FROM (${inner.from}) s)`,
					one.secret || first?.secret !== false,
				);
			case 1:
				uses("in subquery");
				return bool(
					`${number.sql} NOT IN (SELECT length(k1::text) FROM (${inner.from}) s)`,
					number.secret || first?.secret !== false,
				);
			default:
				uses("exists subquery");
				return bool(`EXISTS (${inner.from})`);
		}
	}

	other(scope: Scope, depth: number): Column {
		const { dice, query, uses } = this.#around;
		const one = dice.pick(scope);
		const two = dice.pick(scope);
		const secret = one.secret || two.secret;
		switch (dice.below(depth < DEPTH ? 6 : 5)) {
			case 0:
				uses("row");
				return other(`ROW(${one.sql}, ${two.sql})`, secret);
			case 1:
				uses("array");
				return other(`ARRAY[(${one.sql})::text, (${two.sql})::text]`, secret);
			case 2:
				uses("json");
				return other(`jsonb_build_object('a', ${one.sql}, 'b', ${two.sql})`, secret);
			case 3:
				uses("xml");
				return other(`xmlforest(${one.sql} AS a, ${two.sql} AS b)`, secret);
			case 4:
				uses("coalesce");
				return other(`coalesce(${one.sql}, ${one.sql})`, one.secret);
			default: {
				uses("array subquery");
				const inner = query(depth + 2, scope);
				return other(
					`ARRAY(SELECT k1::text FROM (${inner.from}) s)`,
					inner.columns.some((column) => column.secret),
				);
			}
		}
	}

	aggregate(scope: Scope): Column {
		const { dice, uses } = this.#around;
		const one = this.of(scope, "text");
		const any = dice.pick(scope);
		const order = this.control(scope);
		const [construct, column] = dice.pick<readonly [string, Column]>([
			["aggregate", int("count(*)")],
			// Of no secret: what else is aggregated beside it comes in its order.
			["distinct aggregate", int(`count(DISTINCT ${this.control(scope)})`)],
			["aggregate", text(`min(${one.sql})`, one.secret)],
			["ordered aggregate", text(`string_agg(${one.sql}, ',' ORDER BY ${order})`, one.secret)],
			["json aggregate", other(`jsonb_agg(${any.sql})`, any.secret)],
			["ordered aggregate", other(`array_agg(${one.sql} ORDER BY ${order})`, one.secret)],
			["own aggregate", text(`glue(${one.sql} ORDER BY ${order})`, one.secret)],
			["filtered aggregate", int(`count(*) FILTER (WHERE ${this.condition(scope, DEPTH)})`)],
			["ordered-set aggregate", text(`mode() WITHIN GROUP (ORDER BY ${order})`)],
		]);
		uses(construct);
		return column;
	}

	#window(scope: Scope, one: Column): Column {
		const { dice } = this.#around;
		const order = this.control(scope);
		return dice.pick([
			int(`row_number() OVER (ORDER BY ${order})`),
			int(`count(*) FILTER (WHERE ${this.condition(scope, DEPTH)}) OVER (PARTITION BY ${order})`),
			text(`lag(${one.sql}) OVER (ORDER BY ${order})`, one.secret),
			text(`first_value(${one.sql}) OVER (PARTITION BY ${order})`, one.secret),
			other(`array_agg(${one.sql}) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING)`, one.secret),
		]);
	}

	/** A condition that decides about rows: of what is no secret, but for the bold ones. */
	condition(scope: Scope, depth: number): string {
		const { dice } = this.#around;
		const open = scope.filter((column) => !column.secret);
		if (dice.chance(BOLD)) return this.bool(scope, DEPTH).sql;
		if (open.length === 0) return "true";
		for (let tries = 0; tries < 4; tries++) {
			const condition = this.bool(open, depth);
			if (!condition.secret) return condition.sql;
		}
		return "true";
	}

	/** A value by which rows are ordered, grouped or joined. */
	control(scope: Scope): string {
		const { dice } = this.#around;
		const open = scope.filter((column) => !column.secret && column.type !== "other");
		if (open.length === 0 || dice.chance(BOLD)) return this.of(scope, "text").sql;
		return dice.pick(open).sql;
	}
}
