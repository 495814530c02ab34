import { randomUUID } from "node:crypto";

/**
 * The input is parsed as the one value of an object, `{"KEY1":INPUT,"KEY2":0}`. OPA's parser stops after the first
 * whole value and says nothing of what follows; so that the object has exactly these two keys, which nobody outside
 * can know, shows that the input's text was one value and was read to its end.
 */
export const INPUT_KEY = JSON.stringify(randomUUID());
export const END_KEY = JSON.stringify(randomUUID());
export const BEFORE_INPUT = `{${INPUT_KEY}:`;
export const AFTER_INPUT = `,${END_KEY}:0}`;
