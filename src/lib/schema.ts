import { type Static, type TSchema, Type } from "typebox";

/**
 * A value or null. Rendered as `anyOf` with null: OPA's type checker takes `type: [..., "null"]` for an error in
 * `== null`, and ignores `oneOf`.
 */
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** One of a closed set of strings, rendered as an `enum` of strings. */
export const StringEnum = <const T extends readonly string[]>(values: T) =>
	Type.Unsafe<T[number]>({ type: "string", enum: [...values] });

/** An object without further properties. */
export const Closed = <P extends Record<string, TSchema>>(properties: P) =>
	Type.Object(properties, { additionalProperties: false });

export type { Static, TSchema };
export { Type };
