import type { ProblemList, Written, WrittenEntry } from "./document.ts";
import { FORMS, type Surroundings } from "./forms.ts";
import { mapValueSchema, type Schema } from "./json-schema.ts";
import { nearest } from "./nearest.ts";

/**
 * Holds a written value against its schema and answers the loaded one: defaults filled in, forms converted. Goes
 * on after a mistake, so that one run names them all; what it answers is of use only when it found none.
 */
export class Walker {
	readonly #problems: ProblemList;
	readonly #surroundings: Surroundings;

	constructor(problems: ProblemList, surroundings: Surroundings) {
		this.#problems = problems;
		this.#surroundings = surroundings;
	}

	walk(schema: Schema, written: Written, path: string): unknown {
		const before = this.#problems.problems.length;
		const value =
			schema.anyOf === undefined ? this.#plain(schema, written, path) : this.#union(schema, written, path);
		const form = schema["x-form"] === undefined ? undefined : FORMS[schema["x-form"]];
		if (form === undefined || this.#problems.problems.length > before) return value;
		return form(written, path, this.#surroundings, (message, remedy, offset = written.offset) =>
			this.#problems.add(offset, path, named(path, message), remedy),
		);
	}

	#plain(schema: Schema, written: Written, path: string): unknown {
		switch (schema.type) {
			case "object":
				return written.kind === "map"
					? this.#map(schema, written, path)
					: this.#wrongType(schema, written, path);
			case "array":
				if (written.kind !== "list") return this.#wrongType(schema, written, path);
				return written.items.map((item, index) => this.walk(schema.items ?? {}, item, `${path}[${index}]`));
			default:
				return written.kind === "scalar"
					? this.#scalar(schema, written, path)
					: this.#wrongType(schema, written, path);
		}
	}

	#map(schema: Schema, written: Written & { kind: "map" }, path: string): Record<string, unknown> {
		const value: Record<string, unknown> = Object.create(null);
		const known = schema.properties ?? {};
		const free = mapValueSchema(schema);
		for (const entry of written.entries) {
			const entrySchema = Object.hasOwn(known, entry.key) ? known[entry.key] : free;
			if (entrySchema === undefined) this.#unknownKey(schema, entry, path);
			else value[entry.key] = this.walk(entrySchema, entry.value, join(path, entry.key));
		}
		for (const [key, property] of Object.entries(known)) {
			if (written.entries.some((entry) => entry.key === key)) continue;
			if (property.default !== undefined) {
				value[key] = this.walk(property, asWritten(property.default, written.offset), join(path, key));
			} else if (schema.required?.includes(key) === true) {
				this.#problems.add(
					written.offset,
					path,
					named(path, `The key \`${key}\` is missing.`),
					`Add it: ${about(property)}`,
				);
			}
		}
		return { ...value };
	}

	#unknownKey(schema: Schema, { key, keyOffset }: WrittenEntry, path: string): void {
		const at = join(path, key);
		if (schema["x-later"]?.includes(key) === true) {
			this.#problems.add(keyOffset, at, `\`${at}\` is not in this release.`, "Remove it.");
			return;
		}
		const keys = Object.keys(schema.properties ?? {});
		const close = nearest(key, keys);
		this.#problems.add(
			keyOffset,
			at,
			`\`${key}\` is not a key of ${path === "" ? "the configuration" : `\`${path}\``}.`,
			close === undefined ? `The keys are ${keys.join(", ")}.` : `Did you mean \`${close}\`?`,
		);
	}

	/** A union of shapes: the written value is held against the one shape that its kind fits. */
	#union(schema: Schema, written: Written, path: string): unknown {
		const shapes = schema.anyOf ?? [];
		const flat = shapes.flatMap((shape) => shape.anyOf ?? [shape]);
		const fitting = flat.filter((shape) => fits(shape, written));
		if (fitting.length === 1 && fitting[0] !== undefined) return this.#plain(fitting[0], written, path);
		const keys = written.kind === "map" ? written.entries.map((entry) => entry.key) : [];
		if (keys.length === 1 && keys[0] === "vault") {
			this.#problems.add(
				written.offset,
				path,
				`\`${path}\`: secrets from Vault are not in this release.`,
				SECRET_FORMS,
			);
			return undefined;
		}
		this.#problems.add(written.offset, path, `\`${path}\` is not a secret's form.`, SECRET_FORMS);
		return undefined;
	}

	#scalar(schema: Schema, written: Written & { kind: "scalar" }, path: string): unknown {
		const { value } = written;
		const type = schema.type === "integer" ? "number" : schema.type;
		if (schema.type === "null" ? value !== null : typeof value !== type)
			return this.#wrongType(schema, written, path);
		const wrong = (message: string) =>
			this.#problems.add(written.offset, path, named(path, message), about(schema));
		if (typeof value === "number") {
			if (schema.type === "integer" && !Number.isSafeInteger(value)) wrong(`${value} is not a whole number.`);
			else if (schema.minimum !== undefined && !(value >= schema.minimum))
				wrong(`${value} is less than ${schema.minimum}.`);
			else if (schema.maximum !== undefined && !(value <= schema.maximum))
				wrong(`${value} is more than ${schema.maximum}.`);
		}
		if (typeof value === "string") this.#text(schema, value, written.offset, path, wrong);
		return value;
	}

	#text(schema: Schema, value: string, offset: number, path: string, wrong: (message: string) => void): void {
		const later = schema["x-later"]?.find(
			(name) => value === name || (name.endsWith(":") && value.startsWith(name)),
		);
		if (later !== undefined) {
			const values = schema.enum?.map((each) => `\`${each}\``).join(", ");
			const remedy = values === undefined ? about(schema) : `This release has ${values}.`;
			this.#problems.add(offset, path, named(path, `\`${later}\` is not in this release.`), remedy);
		} else if (schema.enum?.includes(value) === false) {
			wrong(`${quote(value)} is none of ${schema.enum.join(", ")}.`);
		} else if (schema.minLength !== undefined && value.length < schema.minLength) {
			wrong("The text is empty.");
		} else if (schema.pattern !== undefined && !new RegExp(schema.pattern, "u").test(value)) {
			wrong(`${quote(value)} does not have the right form.`);
		}
	}

	#wrongType(schema: Schema, written: Written, path: string): undefined {
		const expected = TYPE_NAMES[schema.type ?? "object"];
		this.#problems.add(
			written.offset,
			path,
			named(path, `Expected ${expected}, found ${found(written)}.`),
			schema.description ??
				(path === "" ? "Write the sections of the configuration as keys." : `Write ${expected}.`),
		);
		return undefined;
	}
}

const SECRET_FORMS = "Write { env: NAME } or { file: PATH }.";

const TYPE_NAMES = {
	object: "a map",
	array: "a list",
	string: "a text",
	integer: "a whole number",
	number: "a number",
	boolean: "true or false",
	null: "null",
} as const;

const join = (path: string, key: string) => (path === "" ? key : `${path}.${key}`);
const named = (path: string, message: string) => (path === "" ? message : `\`${path}\`: ${message}`);
const quote = (value: string) => JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);

/** What a value is for, with what it may be, as the remedy of a wrong one. */
function about(schema: Schema): string {
	const range =
		schema.minimum !== undefined && schema.maximum !== undefined
			? ` From ${schema.minimum} to ${schema.maximum}.`
			: "";
	const values = schema.enum !== undefined ? ` One of ${schema.enum.join(", ")}.` : "";
	const example = schema["x-form"] === "duration" ? " Written as 250ms, 30s, 15m, 8h or 7d." : "";
	return `${schema.description ?? TYPE_NAMES[schema.type ?? "object"]}${range}${values}${example}`;
}

function fits(shape: Schema, written: Written): boolean {
	if (written.kind === "scalar") {
		return shape.type === (written.value === null ? "null" : typeof written.value);
	}
	if (written.kind !== "map" || shape.type !== "object") return false;
	const required = shape.required ?? [];
	return (
		written.entries.length === required.length &&
		written.entries.every((entry) => required.includes(entry.key))
	);
}

/** A default, as if it stood where the map that lacks it begins. */
function asWritten(value: unknown, offset: number): Written {
	if (Array.isArray(value))
		return { kind: "list", items: value.map((item) => asWritten(item, offset)), offset };
	if (typeof value === "object" && value !== null) {
		const entries = Object.entries(value).map(([key, item]) => ({
			key,
			keyOffset: offset,
			value: asWritten(item, offset),
		}));
		return { kind: "map", entries, offset };
	}
	return { kind: "scalar", value: value as string | number | boolean | null, offset };
}

function found(written: Written): string {
	if (written.kind !== "scalar") return TYPE_NAMES[written.kind === "map" ? "object" : "array"];
	if (written.value === null) return "nothing";
	return typeof written.value === "string" ? quote(written.value) : String(written.value);
}
