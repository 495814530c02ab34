/** `opa` for whatever a task starts: found or built once, and named to all of them. */
import { resolveOpa } from "../opa.mjs";
import { SetupFailure } from "./failure.mjs";

/** The program's path; also in the environment, where the product and the tests look for it first. */
export async function ensureOpa() {
	try {
		process.env.SALLYPORT_OPA = await resolveOpa();
		return process.env.SALLYPORT_OPA;
	} catch (error) {
		throw new SetupFailure(error.message, "Only the demo can do without it.");
	}
}
