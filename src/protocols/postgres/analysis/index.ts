/**
 * What a PostgreSQL statement means, from the server's own parse tree and a picture of its catalog.
 *
 * What it does not know, and how it errs: types are inferred in part, so that a call may stand for several functions
 * and counts as all of them; bodies in anything but SQL and PL/pgSQL are opaque; a name that doesn't resolve is the
 * server's error only if the picture is current (look again after refreshing it). Beyond it are the output functions of
 * base types that a superuser made, implicit casts to users' types that work without a function, what a value's length,
 * a row count or time gives away, and whatever the data itself makes true.
 */
export { analyse, analyseRefused, flattenWrites } from "./analyse.ts";
export { objectName, UTILITIES, type UtilityKind } from "./kinds.ts";
export type {
	AnalysedStatement,
	Changes,
	Control,
	ResolutionError,
	Scope,
	TransactionOperation,
} from "./model.ts";
export { changesMeaning } from "./settings.ts";
