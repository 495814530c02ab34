import { Value } from "typebox/value";
import type { Problem } from "./errors.ts";
import { PacksData } from "./packs.ts";

/**
 * What a user's merged data may not hold. Below `sallyport` there is room for `packs` only, in the packs' own
 * form: a misspelt pack or field would otherwise just not be read.
 */
export function checkData(data: Readonly<Record<string, unknown>>, files: readonly string[]): Problem[] {
	const ours = data["sallyport"];
	if (ours === undefined) return [];
	const file = files.join(", ");
	if (typeof ours !== "object" || ours === null) {
		return [{ file, line: null, message: "sallyport: not an object" }];
	}
	const problems = Object.keys(ours)
		.filter((key) => key !== "packs")
		.map((key) => ({ file, line: null, message: `sallyport.${key}: only sallyport.packs takes data` }));
	const packs = (ours as { packs?: unknown }).packs;
	if (packs === undefined) return problems;
	for (const error of Value.Errors(PacksData, packs)) {
		if (error.keyword === "additionalProperties") continue; // said again, of each property, as `boolean`
		const place = `sallyport.packs${error.instancePath.replaceAll("/", ".")}`;
		const message = error.keyword === "boolean" ? "the packs take no such data" : error.message;
		problems.push({ file, line: null, message: `${place}: ${message}` });
	}
	return problems;
}
