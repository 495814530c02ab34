import { assigned, castAnyhow } from "../casts.ts";
import { computed } from "../computations.ts";
import type { Env } from "../environment.ts";
import { Findings } from "../findings.ts";
import type { AnalysedStatement } from "../model.ts";
import { finish, moves } from "../result.ts";
import { analyseStatement } from "../statement.ts";
import { parseOne } from "../texts.ts";
import { derived, type Field, plain, rowOf, TYPE, type Value } from "../value.ts";
import { splitAssignment } from "./assignment.ts";
import { type Part, PLPGSQL_NODES } from "./nodes.ts";
import type { Place, Variables } from "./variables.ts";

type Tree = Readonly<Record<string, unknown>>;

/** Fields that any node may have, and that say nothing. */
const EVERYWHERE = new Set(["lineno", "label", "stmtid"]);

/** Where a node names the variables that its query's columns go to. */
const TARGETS = ["target", "var", "varno"] as const;

/**
 * One reading of a body, statement by statement: what each expression and statement in it does, and what goes into
 * which variable. Variables are read with all that was put into them so far, so a body is read until nothing is new.
 */
export class Walk {
	readonly findings = new Findings();
	readonly nested: AnalysedStatement[] = [];
	/** Something in the body itself isn't read: any value may have gone anywhere there. */
	unread = false;
	/** The columns of what is returned, one list for each RETURN. */
	readonly returned: (readonly Field[])[] = [];
	readonly #env: Env;
	readonly #variables: Variables;
	/** The function is a trigger's: what it returns and what goes into NEW is stored. */
	readonly #trigger: boolean;
	#moved = false;
	/** How many blocks around catch errors. */
	#catching = 0;

	constructor(env: Env, variables: Variables, trigger: boolean) {
		this.#env = { ...env, findings: this.findings };
		this.#variables = variables;
		this.#trigger = trigger;
	}

	statements(list: unknown): void {
		for (const node of asList(list)) this.#node(node);
	}

	#node(node: unknown): void {
		for (const [kind, body] of Object.entries(asTree(node))) {
			const parts = PLPGSQL_NODES[kind];
			if (parts === undefined) this.#opaque(`holds ${kind}, which the analysis does not know`);
			else if (typeof parts === "string") this.#opaque(`is not read: ${parts}`);
			else this.#parts(kind, parts, asTree(body));
		}
	}

	#parts(kind: string, parts: Readonly<Record<string, Part>>, body: Tree): void {
		for (const field of Object.keys(body)) {
			if (!(field in parts) && !EVERYWHERE.has(field))
				this.#opaque(`holds ${kind}.${field}, which the analysis does not know`);
		}
		const before = this.#moved;
		const catches = body["exceptions"] !== undefined;
		if (catches) this.#catching += 1;
		for (const [field, part] of Object.entries(parts)) {
			if (body[field] !== undefined) this.#part(part, body[field], body);
		}
		if (catches) this.#catching -= 1;
		if (this.#moved && !before && LOOPS.has(kind))
			this.#opaque("repeats statements one of which changes settings or the schema");
		this.#special(kind, body);
	}

	#part(part: Part, value: unknown, body: Tree): void {
		switch (part) {
			case "known":
				return;
			case "body":
			case "nodes":
				return this.statements(value);
			case "assignment":
				return this.#assignment(queryOf(value), body);
			case "values":
			case "shown":
				for (const each of asList(value)) this.#evaluated(each, part === "shown");
				return;
			case "condition":
				return this.#condition(this.#into(body["t_varno"], this.value(value)));
			case "query":
				return this.#query(value, body);
			case "repeated":
				this.findings.use(this.value(value), "predicate");
				return this.#query(value, body);
			case "returned":
				this.returned.push(this.#fields(value));
				return;
			case "dynamic":
				this.#opaque("runs a text as a statement (EXECUTE)");
				this.#store(body, [{ name: "", value: { ...this.value(value), opaque: true } }]);
		}
	}

	/** What a kind does besides its parts. */
	#special(kind: string, body: Tree): void {
		const { findings } = this;
		if (kind === "PLpgSQL_stmt_commit" || kind === "PLpgSQL_stmt_rollback") {
			findings.effect("transaction");
			findings.change({ settings: true, schema: true });
		}
		// An error's text may hold any value.
		if (kind === "PLpgSQL_diag_item") this.#into(body["target"] ?? 0, UNREAD);
		if (kind === "PLpgSQL_stmt_forc") {
			for (const given of asList(body["argquery"]))
				this.#intoPlaces(
					this.#variables.parametersOf(Number(body["curvar"] ?? 0)),
					derived(this.#fields(given).map(({ value }) => value)),
				);
			const [cursor] = this.#variables.places(body["curvar"] ?? 0);
			const rows = cursor === undefined ? undefined : this.#variables.value(cursor.name);
			this.#store(body, rows?.fields ?? [{ name: "", value: rows ?? plain() }]);
		}
		if (kind === "PLpgSQL_stmt_return" || kind === "PLpgSQL_stmt_return_next") this.#returnVariable(body);
	}

	/** `RETURN x`, where all that is returned is a variable. */
	#returnVariable(body: Tree): void {
		const places = body["retvarno"] === undefined ? [] : this.#variables.places(body["retvarno"]);
		if (places.length === 0) return;
		const [only] = places;
		if (this.#trigger && places.length === 1 && ROWS.has(only?.name ?? "")) return;
		const fields = places.map(({ name }): Field => ({ name, value: this.#variables.value(name) ?? plain() }));
		this.returned.push(places.length === 1 ? (fields[0]?.value.fields ?? fields) : fields);
	}

	/** A condition, or a bound of a loop: made what it has to be by whatever cast there is. */
	#condition(value: Value): void {
		this.findings.use(value, "predicate");
		for (const type of [TYPE.bool, TYPE.int4]) assigned(type, value, this.#env);
	}

	#evaluated(node: unknown, shown: boolean): void {
		const value = derived(this.#fields(node).map((field) => field.value));
		if (shown) this.findings.use(value, "assignment", { stored: true });
		else this.findings.use(value, "predicate");
	}

	/** The value of an expression. */
	value(node: unknown): Value {
		return this.#fields(node)[0]?.value ?? plain();
	}

	#fields(node: unknown): readonly Field[] {
		const text = queryOf(node);
		const query =
			asTree(asTree(node)["PLpgSQL_expr"])["parseMode"] === EXPRESSION_MODE ? `SELECT ${text}` : text;
		return this.run(query, query === text);
	}

	#query(node: unknown, body: Tree): void {
		this.#store(body, this.#fields(node));
	}

	/** Columns go into variables: one by one into several, all of them into a row. */
	#store(body: Tree, fields: readonly Field[]): void {
		for (const key of TARGETS) {
			if (body[key] === undefined) continue;
			const places = this.#variables.places(body[key]);
			const [only] = places;
			if (places.length === 1 && only !== undefined && this.#variables.isRow(only)) {
				// A row that comes as one value is spread out as well.
				const [whole] = fields;
				const columns = fields.length === 1 ? (whole?.value.fields ?? fields) : fields;
				this.#variables.addRow(only, columns);
				this.#reaches([only], rowOf(columns));
			} else {
				const every = derived(fields.map(({ value }) => value));
				for (const [index, place] of places.entries())
					this.#intoPlaces([place], fields[index]?.value ?? every);
			}
		}
	}

	#assignment(text: string, body: Tree): void {
		const parts = splitAssignment(text);
		if (parts === undefined) return this.#opaque("holds an assignment that can't be read");
		if (parts.target.includes("["))
			this.findings.use(this.run(`SELECT ${parts.target}`, false)[0]?.value ?? plain(), "predicate");
		const [field] = this.run(`SELECT ${parts.source}`, false);
		this.#into(body["varno"] ?? 0, field?.value ?? plain());
	}

	#into(target: unknown, value: Value): Value {
		if (target !== undefined) this.#intoPlaces(this.#variables.places(target), value);
		return value;
	}

	#intoPlaces(places: readonly Place[], value: Value): void {
		for (const place of places) {
			if (this.#variables.isRow(place) && value.fields !== null) this.#variables.addRow(place, value.fields);
			else this.#variables.add(place, value);
		}
		this.#reaches(places, value);
	}

	/** Casts run; and what goes into a trigger's row is stored. */
	#reaches(places: readonly Place[], value: Value): void {
		for (const place of places) {
			const type = this.#variables.typeOf(place);
			if (type !== 0) assigned(type, value, this.#env);
			else if (value.type !== 0) castAnyhow(value, this.#env);
			// Of a variable with a length or precision the analysis knows the type only.
			if (SIZED.has(type) || (type === 0 && !this.#variables.isRow(place))) computed([value], this.#env);
			if (this.#trigger && ROWS.has(place.name)) this.findings.use(value, "assignment", { stored: true });
		}
	}

	/** A text of the body as a statement of its own; gives the columns that come back. */
	run(text: string, whole: boolean): readonly Field[] {
		const node = parseOne(text, this.#env);
		if (node === undefined) {
			this.#opaque("holds a statement that can't be parsed");
			return [{ name: "", value: UNREAD }];
		}
		const findings = new Findings();
		const result = analyseStatement(node, { ...this.#env, findings });
		if (this.#moved)
			findings.opaque(`${this.#env.origin} goes on after a statement that changes settings or the schema`);
		if (moves(result, findings)) this.#moved = this.findings.moving = true;
		findings.settle();
		if (this.#catching > 0) caught(result.fields ?? [], findings);
		this.findings.absorb(findings);
		if (whole) this.nested.push(finish(result, findings, 0, 0));
		if (result.returns === "rows" && !result.complete) return [{ name: "", value: UNREAD }];
		return result.fields ?? [];
	}

	#opaque(what: string): void {
		this.unread = true;
		this.findings.opaque(`${this.#env.origin} ${what}`);
	}
}

/** Where errors are caught, it depends on every value whether one is: what goes on tells as much as a comparison. */
function caught(fields: readonly Field[], findings: Findings): void {
	for (const { value } of fields) findings.use(value, "predicate");
	for (const { schema, table, name } of findings.columns)
		findings.column({ schema, name: table }, name, "predicate");
}

const UNREAD: Value = { ...plain(), opaque: true };

/** Types of which a variable may hold only what fits. */
const SIZED: ReadonlySet<number> = new Set([TYPE.varchar, 1042, TYPE.numeric, TYPE.bit, 1562]);

/** RAW_PARSE_PLPGSQL_EXPR of the server's parser.h: what stands behind a SELECT. */
const EXPRESSION_MODE = 2;

/** The rows that a trigger's function is given, and one of which it gives back. */
const ROWS = new Set(["new", "old"]);

const LOOPS = new Set([
	"PLpgSQL_stmt_loop",
	"PLpgSQL_stmt_while",
	"PLpgSQL_stmt_fori",
	"PLpgSQL_stmt_fors",
	"PLpgSQL_stmt_forc",
	"PLpgSQL_stmt_dynfors",
	"PLpgSQL_stmt_foreach_a",
]);

export const asTree = (value: unknown): Tree =>
	typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Tree) : {};

const asList = (value: unknown): readonly unknown[] =>
	Array.isArray(value) ? value : value === undefined ? [] : [value];

/** The text of an embedded expression or statement. */
export function queryOf(node: unknown): string {
	const { query } = asTree(asTree(node)["PLpgSQL_expr"]);
	return typeof query === "string" ? query : "";
}
