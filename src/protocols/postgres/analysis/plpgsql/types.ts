import type { TypeName } from "libpg-query-18";
import { fieldsOfType } from "../casts.ts";
import type { Env } from "../environment.ts";
import { Findings } from "../findings.ts";
import { lookUpRelation, namedType, typeOf } from "../names.ts";
import { parseOne } from "../texts.ts";
import { as, constant, texts } from "../tree.ts";
import { plain, rowOf, type Value } from "../value.ts";

interface Declared {
	/** A variable's value before anything was put into it. */
	readonly value: Value;
	/** The type to which each value is cast; undefined when that does nothing, null when it can't be read. */
	readonly typeName: TypeName | undefined | null;
}

/** What is known of a variable by its declaration. */
export function declaredType(
	body: Readonly<Record<string, unknown>>,
	rowTypes: ReadonlyMap<string, string>,
	env: Env,
): Declared {
	const { datatype } = body as { datatype?: { PLpgSQL_type?: { typname?: string } } };
	const name = datatype?.PLpgSQL_type?.typname;
	if (name === undefined || name === "record") return { value: plain(), typeName: undefined };
	const marked = rowTypes.get(name) ?? /^(.*)%rowtype$/is.exec(name)?.[1];
	if (marked !== undefined) return { value: rowOfRelation(marked, env), typeName: undefined };
	if (/%type$/i.test(name))
		return { value: columnType(name.replace(/%type$/i, ""), env), typeName: undefined };
	const typeName = parsedType(name, env);
	if (typeName === undefined) return { value: plain(), typeName: null };
	const quiet = { ...env, findings: new Findings() };
	const oid = typeOf(typeName, quiet);
	const type = namedType(typeName, quiet);
	const value = plain(oid);
	const fields = type?.kind === "composite" && oid === type.oid ? fieldsOfType(type, value, env) : null;
	return { value: { ...value, fields }, typeName };
}

/** The type that a text names, and nothing but it. */
function parsedType(name: string, env: Env): TypeName | undefined {
	const select = as(parseOne(`SELECT NULL::${name}`, env), "SelectStmt");
	const [target, ...others] = select?.targetList ?? [];
	const cast = as(as(target, "ResTarget")?.val, "TypeCast");
	const operand = as(cast?.arg, "A_Const");
	const bare = Object.keys(select ?? {}).every((key) => ["targetList", "limitOption", "op"].includes(key));
	const simple = operand !== undefined && constant(operand).type === "null" && others.length === 0 && bare;
	return simple ? cast?.typeName : undefined;
}

function rowOfRelation(name: string, env: Env): Value {
	const parts = partsOf(name, env);
	const relation = lookUpRelation(parts.at(-2), parts.at(-1) ?? "", env);
	if (relation === undefined) return plain();
	// Only names and types: what the table holds isn't in the variable yet.
	return rowOf(
		relation.columns.map((column) => ({ name: column.name, value: plain(column.typeOid) })),
		0,
	);
}

/** `t.c%TYPE`; of a variable's type nothing is known. */
function columnType(name: string, env: Env): Value {
	const parts = partsOf(name, env);
	const relation = parts.length < 2 ? undefined : lookUpRelation(parts.at(-3), parts.at(-2) ?? "", env);
	const column = relation?.columns.find((each) => each.name === parts.at(-1));
	return plain(column?.typeOid ?? 0);
}

/** The parts of a name as the server reads them. */
function partsOf(name: string, env: Env): string[] {
	const select = as(parseOne(`SELECT ${name}`, env), "SelectStmt");
	return texts(as(as(select?.targetList?.[0], "ResTarget")?.val, "ColumnRef")?.fields);
}
