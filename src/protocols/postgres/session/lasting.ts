import type { SqlStatement } from "../../../commands/index.ts";
import { TargetRefusal } from "../../../gate/index.ts";
import type { AnalysedSql } from "../analyse.ts";
import type { AnalysedStatement, Control, TransactionOperation } from "../analysis/index.ts";
import { type Catalog, parseSearchPath } from "../catalog/index.ts";
import { ProtocolError, type TransactionStatus } from "../codec/index.ts";
import { OWN_PREFIX, PINNED } from "./settings.ts";

/**
 * Behind a pooler in transaction mode: refuses what would outlive its transaction, because it would be somebody else's
 * then, and what would look names up in the temporary schema first, which may hold somebody else's objects. A name that
 * doesn't resolve is the server's error at once, for it may be the name of such an object.
 */
export function assertNothingLasts(
	{ command, statements }: AnalysedSql,
	catalog: Catalog,
	status: TransactionStatus,
): void {
	// Behind the end of a transaction the next one has begun without the session's settings.
	const goesOn = statements.some(
		({ control }, index) => endsTransaction(control) && (control.chain || index < statements.length - 1),
	);
	if (goesOn)
		throw new ProtocolError("pooled_state", "a transaction may not follow another one in the same text");
	if (status === "E") return;
	if (command.unresolved !== null) throw new TargetRefusal(command.unresolved);
	for (const statement of statements) {
		if (lasts(statement) || callsOnOtherPath(statement.policy, catalog))
			throw new ProtocolError("pooled_state");
		if (status === "I" && MAY_COMMIT.has(statement.policy.kind))
			throw new ProtocolError(
				"pooled_state",
				"CALL and DO may end transactions: run them within BEGIN and COMMIT",
			);
	}
}

/** Procedures may end their transaction and begin another, but not within a block. */
const MAY_COMMIT: ReadonlySet<string> = new Set(["call", "do"]);

function endsTransaction(control: Control): control is Control & { readonly type: "transaction" } {
	return control.type === "transaction" && ENDS.has(control.operation);
}

const ENDS: ReadonlySet<TransactionOperation> = new Set(["commit", "rollback", "prepare"]);

const LASTING: ReadonlySet<string> = new Set(["reset_all", "prepare", "execute", "deallocate", "discard"]);
const LASTING_KINDS: ReadonlySet<string> = new Set(["listen", "load"]);

function lasts({ control, changes, policy }: AnalysedStatement): boolean {
	if (control.type === "set") {
		if (control.name.startsWith(OWN_PREFIX) || PINNED.has(control.name)) return false;
		return !control.local || (control.name === "search_path" && !keepsTemporaryLast(control.value ?? ""));
	}
	return (
		(control.type === "declare" && control.hold) ||
		LASTING.has(control.type) ||
		LASTING_KINDS.has(policy.kind) ||
		changes.temporary
	);
}

/** Whether a search path names the temporary schema, and last: it comes first where it isn't named. */
export function keepsTemporaryLast(searchPath: string): boolean {
	try {
		const schemas = parseSearchPath(searchPath);
		return schemas.at(-1) === "pg_temp" && schemas.indexOf("pg_temp") === schemas.length - 1;
	} catch {
		return false;
	}
}

const PATH_OF_FUNCTION = /^search_path=(.*)$/s;

/** A function with a search path of its own, on which the temporary schema isn't last. */
function callsOnOtherPath({ functions, nested }: SqlStatement, catalog: Catalog): boolean {
	const other = ({ schema, name }: { readonly schema: string; readonly name: string }) =>
		schema !== "pg_catalog" &&
		catalog
			.functions(schema, name)
			.flatMap(({ settings }) => settings)
			.map((setting) => PATH_OF_FUNCTION.exec(setting)?.[1])
			.some((path) => path !== undefined && !keepsTemporaryLast(path));
	return functions.some(other) || nested.some((inner) => callsOnOtherPath(inner, catalog));
}
