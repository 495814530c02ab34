import { createHash } from "node:crypto";
import type { SqlParameter } from "../../../commands/index.ts";
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
): SqlParameter[] {
	const parameters: SqlParameter[] = [];
	for (let index = 0; index < sent.parameterCount; index++) {
		const bytes = sent.value(index);
		const typeOid = types[index] ?? 0;
		const binary = sent.formatOf(index) === BINARY_FORMAT;
		const truncated = bytes !== null && bytes.length > MAX_VALUE_BYTES;
		const value =
			bytes === null || truncated
				? null
				: parameterText(typeOid, binary ? BINARY_FORMAT : TEXT_FORMAT, bytes);
		parameters.push({
			type: typeName(catalog, typeOid),
			format: binary ? "binary" : "text",
			value,
			null: bytes === null,
			bytes: bytes?.length ?? 0,
			truncated,
			sha256: bytes !== null && value === null ? createHash("sha256").update(bytes).digest("hex") : null,
		});
	}
	return parameters;
}

/** The same as JSON. */
export function parametersJson(parameters: readonly SqlParameter[]): string {
	return parameters.length === 0 ? "[]" : `[${parameters.map(parameterJson).join(",")}]`;
}

function parameterJson({
	type,
	format,
	value,
	null: isNull,
	bytes,
	truncated,
	sha256,
}: SqlParameter): string {
	return (
		`{"type":${quoted(type)},"format":"${format}","value":${quoted(value)},"null":${isNull},` +
		`"bytes":${bytes},"truncated":${truncated},"sha256":${quoted(sha256)}}`
	);
}

function typeName(catalog: Catalog, oid: number): string {
	const type = catalog.typeByOid(oid);
	if (type === undefined) return oid === 0 ? "unknown" : String(oid);
	return type.schema === "pg_catalog" ? type.name : `${type.schema}.${type.name}`;
}
