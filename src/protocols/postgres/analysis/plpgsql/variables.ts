import { derived, EXPRESSION, type Field, plain, type Value } from "../value.ts";

type Tree = Readonly<Record<string, unknown>>;

/** A datum's kind and what it says. */
export interface Datum {
	readonly kind: string;
	readonly body: Tree;
}

/** A variable, or a field of one. */
export interface Place {
	readonly name: string;
	readonly field: string | null;
}

interface Variable {
	/** Its type and fields, and what it holds to begin with. */
	readonly base: Value;
	/** What is put into it anywhere in the body: by field, with null for the whole. */
	readonly added: Map<string | null, Value>;
}

/**
 * The variables of a body by their names, each with all that it may ever hold: what is put into it counts wherever it
 * is read. Several of one name (in blocks within one another) count as one.
 */
export class Variables {
	readonly #datums: readonly Datum[];
	readonly #byName = new Map<string, Variable>();
	/** Rises with each source that a variable gains. */
	growth = 0;

	constructor(datums: readonly Datum[]) {
		this.#datums = datums;
	}

	/** Two of the same name are either. */
	declare(name: string, base: Value): void {
		const known = this.#byName.get(name);
		const both =
			known === undefined ? base : derived([known.base, base], known.base.type === base.type ? base.type : 0);
		this.#byName.set(name, { base: { ...both, origin: EXPRESSION, constant: false }, added: new Map() });
	}

	/** Another name for a variable. */
	alias(name: string, of: string): void {
		const variable = this.#byName.get(of);
		if (variable !== undefined && !this.#byName.has(name)) this.#byName.set(name, variable);
		else if (variable !== undefined) this.declare(name, variable.base);
	}

	/** What a datum (by its number, or as a node stands in a statement) stands for; of a row, its parts. */
	places(target: unknown): Place[] {
		if (typeof target === "number") {
			const datum = this.#datums[target];
			return datum === undefined ? [] : this.#placesOf(datum);
		}
		if (typeof target !== "object" || target === null) return [];
		const [[kind, body] = ["", undefined]] = Object.entries(target);
		return typeof body === "object" && body !== null ? this.#placesOf({ kind, body: body as Tree }) : [];
	}

	/** The parameters of a cursor. */
	parametersOf(cursor: number): Place[] {
		const row = this.#datums[cursor]?.body["cursor_explicit_argrow"];
		return row === undefined ? [] : this.places(row);
	}

	#placesOf({ kind, body }: Datum): Place[] {
		if (kind === "PLpgSQL_recfield") {
			const field = typeof body["fieldname"] === "string" ? body["fieldname"] : null;
			return this.places(body["recparentno"] ?? 0).map(({ name }) => ({ name, field }));
		}
		if (kind === "PLpgSQL_row") {
			const { fields = [] } = body as { fields?: readonly { varno?: number }[] };
			return fields.flatMap((part) => this.places(part.varno ?? 0));
		}
		return typeof body["refname"] === "string" ? [{ name: body["refname"], field: null }] : [];
	}

	/** A value goes into a variable. */
	add({ name, field }: Place, value: Value): void {
		const variable = this.#byName.get(name);
		if (variable === undefined) return;
		const known = variable.added.get(field);
		const type = known === undefined || known.type === value.type ? value.type : 0;
		const next = derived(known === undefined ? [value] : [known, value], type);
		if (known !== undefined && size(known) === size(next) && known.type === type) return;
		variable.added.set(field, next);
		this.growth++;
	}

	/** The columns of a query go into a record, each under its name, or that of the record's type. */
	addRow({ name, field }: Place, fields: readonly Field[]): void {
		const declared = this.#byName.get(name)?.base.fields;
		const fits = declared == null || declared.length === fields.length;
		for (const [index, each] of fields.entries()) {
			const named = fits ? (declared?.[index]?.name ?? each.name) : "";
			const own = field ?? (named === "" ? null : named);
			this.add({ name, field: own }, each.value);
		}
	}

	/** True for what takes a whole row. */
	isRow({ name, field }: Place): boolean {
		const datum = this.#datums.find(({ body }) => body["refname"] === name);
		return field === null && datum?.kind === "PLpgSQL_rec";
	}

	/** What a variable holds as a whole. */
	value(name: string): Value | undefined {
		const variable = this.#byName.get(name);
		if (variable === undefined || variable.added.size === 0) return variable?.base;
		const { base, added } = variable;
		const whole = derived([base, ...added.values()], base.type);
		return { ...whole, fields: this.#fields(variable) };
	}

	#fields(variable: Variable): readonly Field[] | null {
		const names = variable.base.fields?.map((field) => field.name) ?? [...variable.added.keys()];
		if (names.includes(null)) return null;
		return names.map((name) => ({ name: name ?? "", value: fieldOf(variable, name ?? "") }));
	}

	/** The type that a variable was declared as; 0 where it isn't known. */
	typeOf({ name, field }: Place): number {
		const base = this.#byName.get(name)?.base;
		if (field === null) return base?.type ?? 0;
		return base?.fields?.find((each) => each.name === field)?.value.type ?? 0;
	}

	/** `x`, `row.field`, `label.x`, `function.x`, `label.row.field`; what may mean several counts as all of them. */
	named(names: readonly string[]): Value | undefined {
		const [first = "", second, third] = names;
		if (second === undefined) return this.value(first);
		const found = [
			this.#field(first, second),
			third === undefined ? this.value(second) : this.#field(second, third),
		];
		const known = found.filter((value) => value !== undefined);
		return known.length < 2 ? known[0] : derived(known);
	}

	#field(name: string, field: string): Value | undefined {
		const variable = this.#byName.get(name);
		return variable === undefined ? undefined : fieldOf(variable, field);
	}
}

/** A field that was neither declared nor put in by this name may be any. */
function fieldOf({ base, added }: Variable, name: string): Value {
	const declared = base.fields?.find((each) => each.name === name)?.value;
	const own = added.get(name);
	const whole = added.get(null);
	if (declared === undefined && own === undefined) return derived([base, ...added.values()]);
	const type = declared?.type ?? (whole === undefined ? (own?.type ?? 0) : 0);
	const parts = [
		declared ?? derived([base]),
		...(own === undefined ? [] : [own]),
		...(whole === undefined ? [] : [whole]),
	];
	return parts.length === 1 ? (declared ?? plain()) : derived(parts, type);
}

const size = (value: Value): number => value.sources.length * 2 + Number(value.opaque);
