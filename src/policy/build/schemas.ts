import { SessionInput } from "../../commands/index.ts";
import { AccessDecision, CommandDecision } from "../decision.ts";
import { AdminInput, AnyCommandInput } from "../input.ts";
import { PacksData } from "./packs.ts";

const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/**
 * The JSON Schemas of `policy-schemas/`, each by its path there, made from the declarations that the gateway
 * itself validates with. `opa check -s policy-schemas` reads them: `command/input.json` is `schema.command.input`.
 */
export function policySchemas(): ReadonlyMap<string, string> {
	const declared = {
		"session/input.json": [SessionInput, "The input of sallyport/session/decision"],
		"session/output.json": [AccessDecision, "The output of sallyport/session/decision"],
		"command/input.json": [AnyCommandInput, "The input of sallyport/command/decision"],
		"command/output.json": [CommandDecision, "The output of sallyport/command/decision"],
		"admin/input.json": [AdminInput, "The input of sallyport/admin/decision"],
		"admin/output.json": [AccessDecision, "The output of sallyport/admin/decision"],
		"packs.json": [PacksData, "data.sallyport.packs: what the shipped packs take from a place's own data"],
	} as const;
	return new Map(
		Object.entries(declared).map(([path, [schema, title]]) => [
			path,
			`${JSON.stringify({ $schema: DIALECT, title, ...(forOpa(schema) as object) }, null, "\t")}\n`,
		]),
	);
}

/**
 * OPA's type checker knows `additionalProperties`, and no `patternProperties`: a record with any key is written
 * with the former, which says the same.
 */
function forOpa(schema: unknown): unknown {
	if (Array.isArray(schema)) return schema.map(forOpa);
	if (typeof schema !== "object" || schema === null) return schema;
	const plain: Record<string, unknown> = {};
	for (const [key, value] of Object.entries(schema)) {
		if (key === "patternProperties")
			plain["additionalProperties"] = forOpa(Object.values(value as object)[0]);
		else plain[key] = forOpa(value);
	}
	return plain;
}
