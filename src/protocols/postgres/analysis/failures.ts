import { characterPosition } from "../grammar/index.ts";
import { DEFINITION, type Env } from "./environment.ts";

/**
 * A name that the server would refuse, in its own words. Within a text of the catalog the statement is only opaque:
 * the server took that text, so it is our picture that lacks something. Within DDL nothing is said at all.
 */
export function fail(
	env: Env,
	sqlstate: string,
	message: string,
	location: number | undefined,
	hint: string | null = null,
): void {
	if (env.origin === DEFINITION) return;
	if (env.origin !== null) {
		env.findings.opaque(`${env.origin} holds a name that does not resolve: ${message}`);
		return;
	}
	const { text } = env.context;
	env.findings.opaque("names that do not resolve");
	env.findings.unresolved ??= {
		sqlstate,
		message,
		hint,
		position:
			text === null || location === undefined || location < 0 ? null : characterPosition(text, location),
	};
}

/** Joins the parts of a name as the server prints them in errors: without quotes. */
export const shown = (...parts: readonly (string | null | undefined)[]): string =>
	parts.filter((part): part is string => part !== null && part !== undefined && part !== "").join(".");
