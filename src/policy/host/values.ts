/** Rego's values as the host's builtins see them. `null`, booleans and strings are JavaScript's own. */
export type RegoValue = null | boolean | string | RegoNumber | RegoValue[] | RegoSet | RegoObject;

/** A number in the text it was written in: it may exceed what a JavaScript number holds. */
export class RegoNumber {
	readonly text: string;
	constructor(text: string | number | bigint) {
		this.text = String(text);
	}

	/** Whether it is written with a fraction or an exponent. */
	get isFloat(): boolean {
		return /[.eE]/.test(this.text);
	}

	/** Its exact value when that is whole (5, 5.0, 5e2) and has at most 400 digits; else undefined. */
	toBigInt(): bigint | undefined {
		const { digits, exponent } = decimal(this.text);
		if (digits === 0n) return 0n;
		return exponent < 0 || exponent > 400 ? undefined : digits * 10n ** BigInt(exponent);
	}
}

export class RegoSet {
	readonly items: readonly RegoValue[];
	/** Keeps the first of equal items. */
	constructor(items: Iterable<RegoValue>) {
		const distinct = new Map<string, RegoValue>();
		for (const item of items) {
			const key = identity(item);
			if (!distinct.has(key)) distinct.set(key, item);
		}
		this.items = [...distinct.values()];
		this.#keys = distinct;
	}
	readonly #keys: ReadonlyMap<string, RegoValue>;

	has(value: RegoValue): boolean {
		return this.#keys.has(identity(value));
	}
}

export class RegoObject {
	readonly #entries = new Map<string, readonly [RegoValue, RegoValue]>();

	/** The last of equal keys wins. */
	constructor(entries: Iterable<readonly [RegoValue, RegoValue]>) {
		for (const entry of entries) this.#entries.set(identity(entry[0]), entry);
	}

	get entries(): readonly (readonly [RegoValue, RegoValue])[] {
		return [...this.#entries.values()];
	}

	get(key: RegoValue): RegoValue | undefined {
		return this.#entries.get(identity(key))?.[1];
	}
}

/** Digits without trailing zeros, and the power of ten that they are multiplied by. */
export function decimal(text: string): { digits: bigint; exponent: number } {
	const match = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
	if (match === null) throw new Error(`not a number: ${text}`);
	const [, sign, whole = "", fraction = "", power = "0"] = match;
	const all = `${whole}${fraction}`;
	const trimmed = all.replace(/0+$/, "");
	if (/^0*$/.test(trimmed)) return { digits: 0n, exponent: 0 };
	const exponent = Number(power) - fraction.length + (all.length - trimmed.length);
	return { digits: BigInt(`${sign}${trimmed}`), exponent };
}

/** A text that is equal for equal values and for no others: 1 and 1.0 are equal, [1] and {1} are not. */
export function identity(value: RegoValue): string {
	if (typeof value === "string") return JSON.stringify(value);
	if (value === null || typeof value === "boolean") return String(value);
	if (value instanceof RegoNumber) {
		const { digits, exponent } = decimal(value.text);
		return `#${digits}e${exponent}`;
	}
	if (Array.isArray(value)) return `[${value.map(identity).join()}]`;
	if (value instanceof RegoSet) return `<${value.items.map(identity).sort().join()}>`;
	return `{${value.entries
		.map(([key, member]) => `${identity(key)}:${identity(member)}`)
		.sort()
		.join()}}`;
}

export function equal(a: RegoValue, b: RegoValue): boolean {
	return identity(a) === identity(b);
}

const TYPE_ORDER = ["null", "boolean", "number", "string", "array", "object", "set"] as const;

export function typeName(value: RegoValue): (typeof TYPE_ORDER)[number] {
	if (value === null) return "null";
	if (typeof value === "boolean") return "boolean";
	if (typeof value === "string") return "string";
	if (value instanceof RegoNumber) return "number";
	if (Array.isArray(value)) return "array";
	return value instanceof RegoSet ? "set" : "object";
}

/** Rego's order over all values. */
export function compare(a: RegoValue, b: RegoValue): number {
	const byType = TYPE_ORDER.indexOf(typeName(a)) - TYPE_ORDER.indexOf(typeName(b));
	if (byType !== 0 || a === null) return byType;
	if (typeof a === "boolean") return Number(a) - Number(b);
	if (typeof a === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b as string));
	if (a instanceof RegoNumber) return compareNumbers(a, b as RegoNumber);
	if (Array.isArray(a)) return compareLists(a, b as RegoValue[]);
	if (a instanceof RegoSet) return compareLists(sorted(a.items), sorted((b as RegoSet).items));
	const left = sortedEntries(a);
	const right = sortedEntries(b as RegoObject);
	for (let i = 0; i < Math.min(left.length, right.length); i++) {
		const order = compareLists([...(left[i] ?? [])], [...(right[i] ?? [])]);
		if (order !== 0) return order;
	}
	return left.length - right.length;
}

function compareLists(a: readonly RegoValue[], b: readonly RegoValue[]): number {
	for (let i = 0; i < Math.min(a.length, b.length); i++) {
		const order = compare(a[i] ?? null, b[i] ?? null);
		if (order !== 0) return order;
	}
	return a.length - b.length;
}

function compareNumbers(a: RegoNumber, b: RegoNumber): number {
	const left = decimal(a.text);
	const right = decimal(b.text);
	if (Math.abs(left.exponent - right.exponent) > 10_000) return Number(a.text) - Number(b.text);
	const exponent = Math.min(left.exponent, right.exponent);
	const x = left.digits * 10n ** BigInt(left.exponent - exponent);
	const y = right.digits * 10n ** BigInt(right.exponent - exponent);
	return x < y ? -1 : Number(x > y);
}

export function sorted(items: readonly RegoValue[]): RegoValue[] {
	return [...items].sort(compare);
}

export function sortedEntries(object: RegoObject): (readonly [RegoValue, RegoValue])[] {
	return [...object.entries].sort(([a], [b]) => compare(a, b));
}
