import { GateError } from "../../../gate/index.ts";

/** A statement to which a row filter can't be added: the caller denies. */
export function unfilterable(why: string): GateError {
	return new GateError("cannot_discharge", `a row filter can't be added to this: ${why}`);
}
