import { Compile } from "typebox/compile";
import { DECISION_SCHEMAS, type DecisionOf, type Entrypoint } from "../entrypoints.ts";
import { PolicyError } from "../errors.ts";

/** Answers kept by entrypoint. Policies have few distinct answers; a text beyond the length is not worth keeping. */
const MAX_ENTRIES = 1024;
const MAX_TEXT = 16_384;

interface Check {
	Check(value: unknown): boolean;
	Errors(value: unknown): { instancePath: string; message: string }[];
}

/** Compiled once: each policy that comes has the same schemas. */
const CHECKS: Readonly<Record<Entrypoint, Check>> = {
	"sallyport/session/decision": Compile(DECISION_SCHEMAS["sallyport/session/decision"]),
	"sallyport/command/decision": Compile(DECISION_SCHEMAS["sallyport/command/decision"]),
	"sallyport/admin/decision": Compile(DECISION_SCHEMAS["sallyport/admin/decision"]),
};

/**
 * Turns an entrypoint's raw result set into a decision, strictly: exactly one result that has the schema, with no
 * unknown and no missing field. Equal texts give the same frozen object, so that parsing and checking are done once.
 */
export class DecisionReader<E extends Entrypoint> {
	readonly #entrypoint: E;
	readonly #check: Check;
	readonly #known = new Map<string, DecisionOf<E>>();

	constructor(entrypoint: E) {
		this.#entrypoint = entrypoint;
		this.#check = CHECKS[entrypoint];
	}

	read(result: string): DecisionOf<E> {
		const known = this.#known.get(result);
		if (known !== undefined) return known;
		const decision = this.#parse(result);
		if (result.length <= MAX_TEXT) {
			if (this.#known.size >= MAX_ENTRIES) this.#known.clear();
			this.#known.set(result, decision);
		}
		return decision;
	}

	#parse(result: string): DecisionOf<E> {
		let results: unknown;
		try {
			results = JSON.parse(result);
		} catch (thrown) {
			throw new PolicyError("policy_output_invalid", undefined, { cause: thrown });
		}
		if (!Array.isArray(results) || results.length !== 1) {
			throw new PolicyError("policy_output_invalid", undefined, {
				operator: `${this.#entrypoint} is undefined`,
			});
		}
		const value: unknown = results[0]?.result;
		if (!this.#check.Check(value)) {
			const [error] = this.#check.Errors(value);
			throw new PolicyError("policy_output_invalid", undefined, {
				operator: `${this.#entrypoint}: ${error?.instancePath || "the decision"} ${error?.message ?? "is not valid"}`,
			});
		}
		return deepFreeze(value) as DecisionOf<E>;
	}
}

function deepFreeze(value: unknown): unknown {
	if (typeof value === "object" && value !== null) {
		for (const member of Object.values(value)) deepFreeze(member);
		Object.freeze(value);
	}
	return value;
}
