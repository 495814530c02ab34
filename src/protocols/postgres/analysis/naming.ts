import type { Node } from "libpg-query-18";
import { as, take, text } from "./tree.ts";

/** Names that the server gives to the columns of syntax that has none of its own. */
const FIXED: Readonly<Record<string, string>> = {
	A_ArrayExpr: "array",
	RowExpr: "row",
	CoalesceExpr: "coalesce",
	GroupingFunc: "grouping",
	MergeSupportFunc: "merge_action",
	XmlSerialize: "xmlserialize",
	JsonParseExpr: "json",
	JsonScalarExpr: "json_scalar",
	JsonSerializeExpr: "json_serialize",
	JsonObjectConstructor: "json_object",
	JsonArrayConstructor: "json_array",
	JsonArrayQueryConstructor: "json_array",
	JsonObjectAgg: "json_objectagg",
	JsonArrayAgg: "json_arrayagg",
};

const XML: Readonly<Record<string, string>> = {
	IS_XMLCONCAT: "xmlconcat",
	IS_XMLELEMENT: "xmlelement",
	IS_XMLFOREST: "xmlforest",
	IS_XMLPARSE: "xmlparse",
	IS_XMLPI: "xmlpi",
	IS_XMLROOT: "xmlroot",
	IS_XMLSERIALIZE: "xmlserialize",
};

const JSON_FUNCTIONS: Readonly<Record<string, string>> = {
	JSON_EXISTS_OP: "json_exists",
	JSON_QUERY_OP: "json_query",
	JSON_VALUE_OP: "json_value",
};

/** The name of an output column that has no AS: the server's FigureColname. */
export function columnName(node: Node): string {
	return figured(node)?.name ?? "?column?";
}

interface Named {
	readonly name: string;
	/** A name that a stronger one within the expression replaces: a type's, `case`. */
	readonly weak: boolean;
}

function figured(node: Node | undefined): Named | undefined {
	const found = node === undefined ? undefined : take(node);
	if (node === undefined || found === undefined) return undefined;
	const [kind] = found;
	const fixed = FIXED[kind];
	if (fixed !== undefined) return strong(fixed);
	switch (kind) {
		case "ColumnRef":
			return lastName(as(node, "ColumnRef")?.fields);
		case "A_Indirection":
			return lastName(as(node, "A_Indirection")?.indirection) ?? figured(as(node, "A_Indirection")?.arg);
		case "FuncCall":
			return strong(text(as(node, "FuncCall")?.funcname?.at(-1)));
		case "A_Expr":
			return as(node, "A_Expr")?.kind === "AEXPR_NULLIF" ? strong("nullif") : undefined;
		case "TypeCast":
			return typeCast(node);
		case "CollateClause":
			return figured(as(node, "CollateClause")?.arg);
		case "CaseExpr": {
			const inner = figured(as(node, "CaseExpr")?.defresult);
			return inner !== undefined && !inner.weak ? inner : { name: "case", weak: true };
		}
		case "MinMaxExpr":
			return strong(as(node, "MinMaxExpr")?.op === "IS_LEAST" ? "least" : "greatest");
		case "SQLValueFunction":
			return strong(valueFunction(as(node, "SQLValueFunction")?.op ?? ""));
		case "XmlExpr": {
			const name = XML[as(node, "XmlExpr")?.op ?? ""];
			return name === undefined ? undefined : strong(name);
		}
		case "JsonFuncExpr": {
			const name = JSON_FUNCTIONS[as(node, "JsonFuncExpr")?.op ?? ""];
			return name === undefined ? undefined : strong(name);
		}
		case "SubLink":
			return subquery(node);
		default:
			return undefined;
	}
}

const strong = (name: string): Named => ({ name, weak: false });

function lastName(nodes: readonly Node[] | undefined): Named | undefined {
	const named = (nodes ?? []).filter((node) => as(node, "String") !== undefined).at(-1);
	return named === undefined ? undefined : strong(text(named));
}

function typeCast(node: Node): Named | undefined {
	const cast = as(node, "TypeCast");
	const inner = figured(cast?.arg);
	if (inner !== undefined && !inner.weak) return inner;
	const name = text(cast?.typeName?.names?.at(-1));
	return name === "" ? inner : { name, weak: true };
}

/** `SVFOP_CURRENT_TIMESTAMP_N` -> `current_timestamp`. */
const valueFunction = (op: string): string =>
	op
		.replace(/^SVFOP_/, "")
		.replace(/_N$/, "")
		.toLowerCase();

function subquery(node: Node): Named | undefined {
	const link = as(node, "SubLink");
	if (link?.subLinkType === "EXISTS_SUBLINK") return strong("exists");
	if (link?.subLinkType === "ARRAY_SUBLINK") return strong("array");
	if (link?.subLinkType !== "EXPR_SUBLINK") return undefined;
	let select = as(link.subselect, "SelectStmt");
	while (select?.larg !== undefined) select = select.larg;
	if (select?.valuesLists !== undefined) return strong("column1");
	const target = as(select?.targetList?.[0], "ResTarget");
	if (target === undefined) return undefined;
	return target.name === undefined
		? strong(target.val === undefined ? "?column?" : columnName(target.val))
		: strong(target.name);
}
