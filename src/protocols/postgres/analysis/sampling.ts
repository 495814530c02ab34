import type { RangeTableSample } from "libpg-query-18";
import { coercedAnyhow } from "./casts.ts";
import type { Env } from "./environment.ts";
import { expression, expressions } from "./expression.ts";
import { isUsers, schemasFor, split } from "./names.ts";
import { texts } from "./tree.ts";

/** The methods that come with the server. */
const METHODS = new Set(["bernoulli", "system"]);

/** TABLESAMPLE's method is a function; the server's own two only read. */
export function sampling(sample: RangeTableSample, env: Env): void {
	// They say which rows come.
	for (const value of [...expressions(sample.args, env), expression(sample.repeatable, env)]) {
		env.findings.use(value, "predicate");
		coercedAnyhow(value, env);
	}
	const { schema, name } = split(texts(sample.method));
	const found = schemasFor(schema, env).flatMap((candidate) =>
		env.context.catalog.functions(candidate, name),
	);
	for (const method of found) env.findings.function(method);
	if (!METHODS.has(name) || found.some((method) => isUsers(method.oid))) {
		env.findings.opaque(`the sampling method ${name} is not the server's own`);
	}
}
