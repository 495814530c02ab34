import { hash } from "node:crypto";
import { CommandParameters } from "../../../commands/index.ts";
import { quoted } from "../../../lib/index.ts";
import type { Catalog } from "../catalog/index.ts";
import { BINARY_FORMAT, type ParameterValues, parameterText, TEXT_FORMAT } from "../codec/index.ts";

/** A value longer than this stands in the policy's input as its size and hash only. */
const MAX_VALUE_BYTES = 65_536;

/** A command's parameters in the policy's words: each value in PostgreSQL's text form, whatever format it came in. */
export function parametersOf(
	sent: ParameterValues,
	types: readonly number[],
	catalog: Catalog,
): CommandParameters {
	const { parameterCount } = sent;
	if (parameterCount === 0) return CommandParameters.NONE;
	let json = "[";
	for (let index = 0; index < parameterCount; index++) {
		if (index > 0) json += ",";
		json += parameterJson(sent.value(index), sent.formatOf(index), types[index] ?? 0, catalog);
	}
	return new CommandParameters(`${json}]`, parameterCount);
}

function parameterJson(bytes: Buffer | null, format: number, typeOid: number, catalog: Catalog): string {
	const binary = format === BINARY_FORMAT;
	const truncated = bytes !== null && bytes.length > MAX_VALUE_BYTES;
	const value =
		bytes === null || truncated ? null : parameterText(typeOid, binary ? BINARY_FORMAT : TEXT_FORMAT, bytes);
	const digest = bytes !== null && value === null ? `"${hash("sha256", bytes)}"` : "null";
	return (
		`{"type":${quoted(typeName(catalog, typeOid))},"format":"${binary ? "binary" : "text"}",` +
		`"value":${quoted(value)},"null":${bytes === null},"bytes":${bytes?.length ?? 0},` +
		`"truncated":${truncated},"sha256":${digest}}`
	);
}

function typeName(catalog: Catalog, oid: number): string {
	const type = catalog.typeByOid(oid);
	if (type === undefined) return oid === 0 ? "unknown" : String(oid);
	return type.schema === "pg_catalog" ? type.name : `${type.schema}.${type.name}`;
}
