import { RegoNumber, RegoObject, RegoSet, type RegoValue, typeName } from "./values.ts";

/** Operands of the type that a builtin takes, or an error; positions count from 1. */
export class Operands {
	readonly #values: readonly RegoValue[];

	constructor(values: readonly RegoValue[]) {
		this.#values = values;
	}

	value(position: number): RegoValue {
		const value = this.#values[position - 1];
		if (value === undefined) throw new Error(`operand ${position} is missing`);
		return value;
	}

	string(position: number): string {
		return asString(this.value(position), `operand ${position}`);
	}

	number(position: number): RegoNumber {
		const value = this.value(position);
		if (!(value instanceof RegoNumber)) throw wrongType(`operand ${position}`, "number", value);
		return value;
	}

	/** A whole number of any size. */
	wholeNumber(position: number): bigint {
		const value = this.number(position).toBigInt();
		if (value === undefined) throw new Error(`operand ${position} must be an integer`);
		return value;
	}

	/** A whole number that fits 64 bits. */
	integer(position: number): bigint {
		const value = this.wholeNumber(position);
		if (value !== BigInt.asIntN(64, value)) throw new Error(`operand ${position} must fit 64 bits`);
		return value;
	}

	array(position: number): RegoValue[] {
		const value = this.value(position);
		if (!Array.isArray(value)) throw wrongType(`operand ${position}`, "array", value);
		return value;
	}

	object(position: number): RegoObject {
		const value = this.value(position);
		if (!(value instanceof RegoObject)) throw wrongType(`operand ${position}`, "object", value);
		return value;
	}
}

export function asString(value: RegoValue, what: string): string {
	if (typeof value !== "string") throw wrongType(what, "string", value);
	return value;
}

/** The members of an array or a set; undefined for any other value. */
export function membersOf(value: RegoValue): readonly RegoValue[] | undefined {
	if (Array.isArray(value)) return value;
	return value instanceof RegoSet ? value.items : undefined;
}

function wrongType(what: string, wanted: string, value: RegoValue): Error {
	return new Error(`${what} must be ${wanted} but got ${typeName(value)}`);
}
