import type { Catalog, CatalogFunction } from "../../catalog/model.ts";
import type { Value } from "../value.ts";

const TRIGGER = 2279;
const EVENT_TRIGGER = 3838;
const VOID = 2278;
const RECORD = 2249;

/**
 * `CREATE FUNCTION ...` as the PL/pgSQL parser needs it: the names of the parameters, and of types no more than
 * whether they are rows, on which it depends how `x.y` is read.
 */
export function headerOf(called: CatalogFunction, values: readonly Value[], catalog: Catalog): string {
	const outputs = called.outputNames.filter((name) => name !== "");
	const inputs = Array.from({ length: called.arguments }, (_, index) => {
		const name = called.argumentNames[index] ?? "";
		const mode = name !== "" && outputs.includes(name) ? "INOUT " : "";
		const type = called.argumentTypes[index] ?? 0;
		const row = isRow(type, catalog) || (values[index]?.fields ?? null) !== null;
		return `${mode}${name === "" ? "" : `${quoted(name)} `}${row ? "record" : "integer"}`;
	});
	const rest = outputs
		.filter((name) => !called.argumentNames.includes(name))
		.map((name) => `OUT ${quoted(name)} integer`);
	const parameters = `${quoted(called.name)}(${[...inputs, ...rest].join(", ")})`;
	if (called.kind === "procedure") return `CREATE PROCEDURE ${parameters} LANGUAGE plpgsql AS`;
	return `CREATE FUNCTION ${parameters}${returns(called, outputs.length, catalog)} LANGUAGE plpgsql AS`;
}

function returns({ returnType, returnsSet }: CatalogFunction, outputs: number, catalog: Catalog): string {
	if (returnType === TRIGGER) return " RETURNS trigger";
	if (returnType === EVENT_TRIGGER) return " RETURNS event_trigger";
	if (returnType === VOID) return " RETURNS void";
	const type = outputs > 1 || (outputs === 0 && isRow(returnType, catalog)) ? "record" : "integer";
	return ` RETURNS ${returnsSet ? "SETOF " : ""}${type}`;
}

function isRow(type: number, catalog: Catalog): boolean {
	return type === RECORD || catalog.typeByOid(type)?.kind === "composite";
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
