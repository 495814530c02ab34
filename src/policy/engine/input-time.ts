import { parseRfc3339Nanos } from "../host/time/parse.ts";
import type { InputClock } from "./instance.ts";

/**
 * The time that `time.now_ns` answers: the input's own `time.rfc3339`, so that an evaluation can be repeated. The
 * input is parsed here only if the policy asks.
 */
export class InputTime implements InputClock {
	readonly #inputJson: string;
	#nowNs: bigint | undefined;

	constructor(inputJson: string) {
		this.#inputJson = inputJson;
	}

	/** Whether somebody asked. */
	get wasRead(): boolean {
		return this.#nowNs !== undefined;
	}

	nowNs(): bigint {
		this.#nowNs ??= readTime(this.#inputJson);
		return this.#nowNs;
	}
}

function readTime(inputJson: string): bigint {
	const text: unknown = JSON.parse(inputJson)?.time?.rfc3339;
	if (typeof text !== "string") throw new Error("the input has no time.rfc3339");
	return parseRfc3339Nanos(text);
}
