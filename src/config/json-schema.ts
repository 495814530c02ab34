/** The part of JSON Schema that the configuration's schemas use, with this product's two annotations. */
export interface Schema {
	readonly type?: "object" | "array" | "string" | "integer" | "number" | "boolean" | "null";
	readonly description?: string;
	readonly default?: unknown;
	readonly enum?: readonly string[];
	readonly pattern?: string;
	readonly minLength?: number;
	readonly minimum?: number;
	readonly maximum?: number;
	readonly items?: Schema;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly patternProperties?: Readonly<Record<string, Schema>>;
	readonly required?: readonly string[];
	readonly additionalProperties?: boolean | Schema;
	readonly anyOf?: readonly Schema[];
	/** How the written value becomes the loaded one: a name in `FORMS`. */
	readonly "x-form"?: string;
	/** Keys or values that a later release takes; one that ends in a colon is a URL's scheme. */
	readonly "x-later"?: readonly string[];
}

/** What `additionalProperties` or TypeBox's record pattern asks of the values of a map with free keys. */
export function mapValueSchema(schema: Schema): Schema | undefined {
	if (typeof schema.additionalProperties === "object") return schema.additionalProperties;
	return schema.patternProperties === undefined ? undefined : Object.values(schema.patternProperties)[0];
}

/**
 * The JSON Schema of the file as it is written: without this product's annotations, and with no key required that
 * has a default.
 */
export function writtenSchema(schema: Schema): Record<string, unknown> {
	const written: Record<string, unknown> = {};
	for (const [keyword, value] of Object.entries(schema)) {
		if (keyword.startsWith("x-") || keyword.startsWith("~")) continue;
		if (keyword === "properties" || keyword === "patternProperties") {
			written[keyword] = mapValues(value as Record<string, Schema>, writtenSchema);
		} else if (keyword === "items" || (keyword === "additionalProperties" && typeof value === "object")) {
			written[keyword] = writtenSchema(value as Schema);
		} else if (keyword === "anyOf") {
			written[keyword] = (value as Schema[]).map(writtenSchema);
		} else if (keyword === "required") {
			const required = (value as string[]).filter((key) => schema.properties?.[key]?.default === undefined);
			if (required.length > 0) written[keyword] = required;
		} else {
			written[keyword] = value;
		}
	}
	return written;
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
	return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
