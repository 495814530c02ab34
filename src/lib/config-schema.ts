import { type TSchema, Type } from "typebox";
import type { Secret } from "./secret.ts";

/**
 * Schemas for what `sallyport.yaml` writes in one form and the rooms read in another. The static type is the
 * loaded form; the JSON Schema describes the written one. `src/config` does the step between, told by `x-form`.
 */

/** Written `{ env: NAME }` or `{ file: PATH }` (or literally, for loopback development); loaded as a `Secret`. */
export const SecretValue = (description: string) =>
	Type.Unsafe<Secret>({
		description,
		"x-form": "secret",
		anyOf: [
			closed({ env: { type: "string", minLength: 1, description: "Name of an environment variable." } }),
			closed({
				file: { type: "string", minLength: 1, description: "Path of a file; a trailing line break is cut." },
			}),
			{
				type: "string",
				minLength: 1,
				description: "The secret itself; only where every listener is loopback.",
			},
		],
	});

/** The path of a file that has to be there, relative to the file it is written in; loaded absolute. */
export const FilePath = (description: string) =>
	Type.Unsafe<string>({ type: "string", minLength: 1, description, "x-form": "file" });

/** The path of a directory that is made when it isn't there; loaded absolute. */
export const DirectoryPath = (description: string, standard?: string) =>
	Type.Unsafe<string>({
		type: "string",
		minLength: 1,
		description,
		"x-form": "directory",
		...(standard === undefined ? {} : { default: standard }),
	});

/** Written `250ms`, `30s`, `15m`, `8h`, `7d`; loaded as milliseconds. */
export const Duration = (description: string, standard?: string) =>
	Type.Unsafe<number>({
		type: "string",
		pattern: "^\\d+(\\.\\d+)?(ms|s|m|h|d)$",
		description,
		"x-form": "duration",
		...(standard === undefined ? {} : { default: standard }),
	});

/**
 * Names of keys and values that a later release will take: refused as `not in this release` and not as unknown. One
 * that ends in a colon is a URL's scheme.
 */
export const later = (...names: string[]) => ({ "x-later": names });

function closed(properties: Record<string, unknown>): TSchema {
	return {
		type: "object",
		properties,
		required: Object.keys(properties),
		additionalProperties: false,
	} as unknown as TSchema;
}
