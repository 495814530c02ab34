import { type Schema, writtenSchema } from "./json-schema.ts";
import { ConfigSchema } from "./schema.ts";

export { splitAddress } from "./address.ts";
export { readDiscovered } from "./discovered.ts";
export { CONFIG_ERRORS, ConfigError, type ConfigProblem, problemLine } from "./errors.ts";
export type { Schema } from "./json-schema.ts";
export { loadConfig } from "./load.ts";
export type { Config } from "./schema.ts";

/** The schema with this product's own annotations, for those who describe the configuration. */
export const configurationSchema = ConfigSchema as unknown as Schema;

/** The JSON Schema (draft 2020-12) of `sallyport.yaml`. */
export function configJsonSchema(): Record<string, unknown> {
	return {
		$schema: "https://json-schema.org/draft/2020-12/schema",
		title: "sallyport.yaml",
		...writtenSchema(configurationSchema),
	};
}
