/** A query's columns as whoever writes the query knows them. */
interface Column {
	readonly sql: string;
	readonly type: "int" | "text" | "bool" | "other";
	/** Made from a secret: where it decides about rows, the query has to be denied. */
	readonly secret: boolean;
}

interface Source {
	readonly from: string;
	readonly columns: readonly Column[];
}

const int = (sql: string, secret = false): Column => ({ sql, type: "int", secret });
const text = (sql: string, secret = false): Column => ({ sql, type: "text", secret });
const other = (sql: string, secret = false): Column => ({ sql, type: "other", secret });

/** What `world.sql` has to be read from. */
const RELATIONS: readonly Source[] = [
	{
		from: "customers",
		columns: [
			...[int("id"), text("name"), text("email", true), other("ssn", true), other("born", true)],
			...[other("pay", true), other("doc", true), other("tags", true), other("home", true)],
			...[{ sql: "flag", type: "bool", secret: true } as const, other("rank", true), text("shout", true)],
		],
	},
	{ from: "orders", columns: [int("id"), int("customer_id"), other("amount"), text("note")] },
	{ from: "shelf", columns: [int("id"), text("label"), other("number"), other("doc")] },
	{ from: "people", columns: [int("id"), text("email", true)] },
	{ from: "ONLY people", columns: [int("id"), text("email", true)] },
	{ from: "members", columns: [int("id"), text("email", true), int("level")] },
	{ from: "events", columns: [int("id"), text("email", true), other("at")] },
	{ from: "events_2024", columns: [int("id"), text("email", true)] },
	{
		from: "contacts",
		columns: [int("id"), text("name"), text("address", true), text("lowered", true), other("home", true)],
	},
	{ from: "contacts_again", columns: [int("order_id"), text("address", true), other("whole", true)] },
	{ from: "barrier", columns: [int("id"), text("email", true)] },
	{ from: "mailing_view", columns: [int("id"), text("email", true), text("start", true)] },
	{ from: "directory()", columns: [text("who"), text("mail", true)] },
	{ from: "whole(2)", columns: [int("id"), text("email", true), text("shout", true)] },
	{ from: "(VALUES (1, 'a'), (2, 'b'))", columns: [int("column1"), text("column2")] },
];

/** Of this share of the places that decide about rows, what stands there may be a secret. */
const BOLD = 0.06;
const DEPTH = 2;

/** Composes queries from pieces of the grammar; the same seed gives the same query. */
export class QueryWriter {
	#state: number;
	#names = 0;

	constructor(seed: number) {
		this.#state = (seed * 2_654_435_761) >>> 0 || 1;
	}

	/** A whole statement. */
	statement(): string {
		const query = this.#query(0, []);
		switch (this.#below(12)) {
			case 0:
				return `WITH w AS ${this.#pick(["", "MATERIALIZED "])}(${query.from}) SELECT * FROM w`;
			case 1:
				return `(${query.from}) UNION ALL (${query.from})`;
			case 2:
				return `SELECT q FROM (${query.from}) q`;
			case 3:
				return `SELECT to_jsonb(q), q.* FROM (${query.from}) q`;
			case 4:
				return `SELECT count(*) FROM (${query.from}) q`;
			default:
				return query.from;
		}
	}

	/** A SELECT as a source of columns named k1, k2 ...; it may name what is visible outside. */
	#query(depth: number, outer: readonly Column[]): Source {
		const sources = this.#from(depth, outer);
		const own = sources.columns;
		const scope = this.#chance(0.2) ? [...own, ...outer] : own;
		const places = 1 + this.#below(4);
		const grouped = depth > 0 && this.#chance(0.15);
		const columns: Column[] = [];
		const items: string[] = [];
		for (let place = 1; place <= places; place++) {
			const item = grouped ? this.#aggregate(scope) : this.#value(scope, depth);
			items.push(`${item.sql} AS k${place}`);
			columns.push({ ...item, sql: `k${place}` });
		}
		const where = this.#chance(0.5) ? ` WHERE ${this.#condition(scope, depth)}` : "";
		const order = !grouped && this.#chance(0.3) ? ` ORDER BY ${this.#control(own)}` : "";
		const limit = order !== "" && this.#chance(0.2) ? ` LIMIT ${1 + this.#below(3)}` : "";
		return { from: `SELECT ${items.join(", ")} FROM ${sources.from}${where}${order}${limit}`, columns };
	}

	#from(depth: number, outer: readonly Column[]): Source {
		const first = this.#item(depth, outer);
		if (this.#chance(0.65)) return first;
		const second = this.#item(depth, outer);
		const columns = [...first.columns, ...second.columns];
		switch (this.#below(4)) {
			case 0:
				return { from: `${first.from}, ${second.from}`, columns };
			case 1: {
				const lateral = this.#named(this.#query(depth + 2, first.columns));
				return {
					from: `${first.from}, LATERAL ${lateral.from}`,
					columns: [...first.columns, ...lateral.columns],
				};
			}
			default: {
				const kind = this.#pick(["JOIN", "LEFT JOIN", "FULL JOIN"]);
				const on = `${this.#control(first.columns)}::text = ${this.#control(second.columns)}::text`;
				return { from: `${first.from} ${kind} ${second.from} ON ${on}`, columns };
			}
		}
	}

	#item(depth: number, outer: readonly Column[]): Source {
		if (depth < DEPTH && this.#chance(0.3)) return this.#named(this.#query(depth + 1, []));
		const relation = this.#pick(RELATIONS);
		if (outer.length > 0 && this.#chance(0.1)) {
			const name = this.#name();
			const value = this.#value(outer, DEPTH);
			return { from: `(VALUES (${value.sql})) ${name}(v)`, columns: [{ ...value, sql: `${name}.v` }] };
		}
		const name = this.#name();
		return {
			from: `${relation.from} ${name}`,
			columns: relation.columns.map((column) => ({ ...column, sql: `${name}.${column.sql}` })),
		};
	}

	#named(query: Source): Source {
		const name = this.#name();
		const columns = query.columns.map((column) => ({ ...column, sql: `${name}.${column.sql}` }));
		return { from: `(${query.from}) ${name}`, columns };
	}

	#name(): string {
		return `t${++this.#names}`;
	}

	#value(scope: readonly Column[], depth: number): Column {
		switch (this.#below(4)) {
			case 0:
				return this.#pick(scope);
			case 1:
				return this.#int(scope, depth);
			case 2:
				return this.#bool(scope, depth);
			default:
				return this.#text(scope, depth);
		}
	}

	#of(scope: readonly Column[], type: Column["type"]): Column {
		const fitting = scope.filter((column) => column.type === type);
		if (fitting.length > 0) return this.#pick(fitting);
		const any = this.#pick(scope);
		const sql = {
			int: `length((${any.sql})::text)`,
			text: `(${any.sql})::text`,
			bool: `(${any.sql}) IS NULL`,
		};
		return { sql: type === "other" ? any.sql : sql[type], type, secret: any.secret };
	}

	/** Text of everything in it; nothing that could fail for some values only. */
	#text(scope: readonly Column[], depth: number): Column {
		const one = depth < DEPTH && this.#chance(0.4) ? this.#text(scope, depth + 1) : this.#of(scope, "text");
		const any = this.#pick(scope);
		const unary = [
			...["upper(?)", "reverse(?)", "left(?, 3)", "md5(?)", "(?)::varchar(5)", "substring(? from '^[a-m]+')"],
			...["nullif(left(?, 1), 'b')", "encode(convert_to(?, 'UTF8'), 'base64')", "split_part(?, '@', 1)"],
			...[
				"regexp_replace(?, '[a-m]', '', 'g')",
				"format('%s/%L', ?, ?)",
				"(ARRAY[?, 'x'])[1]",
				"to_json(?)::text",
			],
			...[
				"array_to_string(string_to_array(?, NULL), '-')",
				"quote_literal(?)",
				"(ARRAY['x', 'y'])[length(?) % 3]",
			],
			...["coalesce(?, 'none')", "jsonb_build_object('v', ?) ->> 'v'", "(xmlelement(name e, ?))::text"],
		];
		switch (this.#below(5)) {
			case 0:
				return text(`(${one.sql} || (${any.sql})::text)`, one.secret || any.secret);
			case 1: {
				const test = this.#condition(scope, DEPTH);
				return text(
					`CASE WHEN ${test} THEN ${one.sql} ELSE (${any.sql})::text END`,
					one.secret || any.secret,
				);
			}
			case 2: {
				if (depth >= DEPTH) return one;
				const inner = this.#query(depth + 2, scope);
				const secret = inner.columns.some((column) => column.secret);
				return text(`(SELECT string_agg(k1::text, ',') FROM (${inner.from}) s)`, secret || one.secret);
			}
			default:
				return text(this.#pick(unary).replaceAll("?", one.sql), one.secret);
		}
	}

	#int(scope: readonly Column[], depth: number): Column {
		const one = this.#of(scope, "text");
		const number = this.#of(scope, "int");
		const pieces: readonly Column[] = [
			int(`length(${one.sql})`, one.secret),
			int(`ascii(${one.sql})`, one.secret),
			int(`position('b' in ${one.sql})`, one.secret),
			int(`(${number.sql} + length(${one.sql}))`, number.secret || one.secret),
			int(`(${number.sql} % 7)`, number.secret),
			int(`hashtext(${one.sql})`, one.secret),
			int(`row_number() OVER (ORDER BY ${this.#control(scope)})`),
		];
		return depth > DEPTH ? number : this.#pick(pieces.slice(0, depth === 0 ? pieces.length : -1));
	}

	#bool(scope: readonly Column[], depth: number): Column {
		const one = this.#of(scope, "text");
		const number = this.#int(scope, DEPTH);
		const pieces: readonly Column[] = [
			{ sql: `${one.sql} LIKE 'b%'`, type: "bool", secret: one.secret },
			{ sql: `${one.sql} > 'm'`, type: "bool", secret: one.secret },
			{ sql: `(${one.sql} ~ '^[a-m]' OR NULL)`, type: "bool", secret: one.secret },
			{ sql: `${number.sql} > 2`, type: "bool", secret: number.secret },
			{ sql: `${one.sql} = 'nobody'`, type: "bool", secret: one.secret },
			{ sql: `${one.sql} IN ('x', 'nobody')`, type: "bool", secret: one.secret },
			{ sql: `(${one.sql}, ${number.sql}) > ('m', 2)`, type: "bool", secret: one.secret || number.secret },
			this.#of(scope, "bool"),
		];
		if (depth >= DEPTH - 1 || this.#chance(0.8)) return this.#pick(pieces);
		const inner = this.#query(depth + 2, scope);
		return { sql: `EXISTS (${inner.from})`, type: "bool", secret: false };
	}

	#aggregate(scope: readonly Column[]): Column {
		const one = this.#of(scope, "text");
		const any = this.#pick(scope);
		const order = this.#control(scope);
		return this.#pick([
			int("count(*)"),
			int(`count(DISTINCT ${one.sql})`, one.secret),
			text(`min(${one.sql})`, one.secret),
			text(`string_agg(${one.sql}, ',' ORDER BY ${order})`, one.secret),
			other(`jsonb_agg(${any.sql})`, any.secret),
			other(`array_agg(${one.sql} ORDER BY ${order})`, one.secret),
			int(`count(*) FILTER (WHERE ${this.#condition(scope, DEPTH)})`),
		]);
	}

	/** A condition that decides about rows: of what is no secret, but for the bold ones. */
	#condition(scope: readonly Column[], depth: number): string {
		const open = scope.filter((column) => !column.secret);
		if (this.#chance(BOLD)) return this.#bool(scope, DEPTH).sql;
		if (open.length === 0) return "true";
		for (let tries = 0; tries < 4; tries++) {
			const condition = this.#bool(open, depth);
			if (!condition.secret) return condition.sql;
		}
		return "true";
	}

	/** A value by which rows are ordered or joined. */
	#control(scope: readonly Column[]): string {
		const open = scope.filter((column) => !column.secret && column.type !== "other");
		if (open.length === 0 || this.#chance(BOLD)) return this.#of(scope, "text").sql;
		return this.#pick(open).sql;
	}

	#chance(share: number): boolean {
		return this.#next() < share;
	}

	#below(limit: number): number {
		return Math.floor(this.#next() * limit);
	}

	#pick<T>(list: readonly T[]): T {
		return list[this.#below(list.length)] as T;
	}

	/** mulberry32 */
	#next(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let t = this.#state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	}
}
