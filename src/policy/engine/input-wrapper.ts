import { randomUUID } from "node:crypto";

/**
 * The input is parsed as the one value of an object, `{"KEY1":INPUT,"KEY2":0}`. OPA's parser stops after the first
 * whole value and says nothing of what follows; so that the object has exactly these two keys, which nobody outside
 * can know, shows that the input's text was one value and was read to its end.
 */
export interface InputWrapper {
	/** The two keys as JSON. */
	readonly inputKey: string;
	readonly endKey: string;
	/** What stands before the input's text, and after it. */
	readonly before: string;
	readonly after: string;
}

export function makeInputWrapper(): InputWrapper {
	const inputKey = JSON.stringify(randomUUID());
	const endKey = JSON.stringify(randomUUID());
	return { inputKey, endKey, before: `{${inputKey}:`, after: `,${endKey}:0}` };
}
