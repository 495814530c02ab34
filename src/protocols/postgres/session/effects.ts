import { definitionsOf } from "../analyse.ts";
import type { AnalysedStatement } from "../analysis/index.ts";
import type { Parts } from "./parts.ts";
import type { Portal, PreparedStatement } from "./registry.ts";
import { makesUncertain } from "./understand.ts";

/**
 * Keeps the session's books in step with what the server has done. Called when a statement's CommandComplete has
 * come, never on what the client only asked for.
 */
export function statementDone(parts: Parts, statement: AnalysedStatement, tag: string): void {
	const { registry, settings, scope, steps, state } = parts;
	const { control, changes } = statement;
	switch (control.type) {
		case "transaction":
			return transactionDone(parts, control.operation, tag);
		case "set":
			parts.own.set(control.name, control.value);
			break;
		case "prepare":
			registry.statements.put(sqlStatement(parts, control), state.answering).confirm();
			break;
		case "deallocate":
			if (control.name === null) registry.statements.deleteWhere(isNamed);
			else registry.statements.delete(control.name);
			break;
		case "declare":
			registry.portals.put(cursor(parts, control), state.answering).confirm();
			break;
		case "close":
			if (control.name === null) registry.portals.deleteWhere((portal) => portal.name !== "");
			else registry.portals.delete(control.name);
			break;
		case "discard":
			if (control.target !== "all") break;
			registry.statements.deleteWhere(isNamed);
			registry.portals.deleteWhere(() => true);
			break;
	}
	const uncertain = makesUncertain(statement);
	if (uncertain !== "nothing") {
		steps.readSettings(uncertain);
		settings.changedInTransaction = true;
	}
	if (changes.temporary) scope.temporaryChanged();
	if (changes.schema) scope.schemaChanged();
}

function transactionDone(parts: Parts, operation: string, tag: string): void {
	const { settings, scope, steps, state } = parts;
	switch (operation) {
		case "rollback_to":
			if (settings.changedInTransaction) steps.readSettings("all");
			scope.rolledBackPartly();
			state.status = "T";
			return;
		case "begin":
		case "savepoint":
		case "release":
			return;
		default:
			// PREPARE TRANSACTION, COMMIT and ROLLBACK (whatever the tag says of a failed block's COMMIT) end the block.
			if (state.status === "E" && (tag === "ROLLBACK" || tag === "COMMIT")) state.status = "T";
			transactionEnded(parts, state.batch + 1); // nothing was forwarded behind it
	}
}

/** The unnamed statement is not among those that DEALLOCATE ALL and DISCARD ALL drop. */
const isNamed = ({ name }: PreparedStatement) => name !== "";

/**
 * Also when ReadyForQuery says that no block is open: implicit transactions end without a word.
 * @param before the first batch that may have begun after it
 */
export function transactionEnded(parts: Parts, before: number): void {
	const { registry, settings, scope, steps } = parts;
	registry.transactionEnded(before, scope.revertible);
	if (settings.changedInTransaction) {
		settings.changedInTransaction = false;
		steps.readSettings("all");
	}
	scope.transactionEnded();
}

type Kept<Type extends "prepare" | "declare"> = Extract<
	AnalysedStatement["control"],
	{ readonly type: Type }
>;

function sqlStatement(parts: Parts, { name, statement, text }: Kept<"prepare">): PreparedStatement {
	const definitions = definitionsOf([statement.policy], parts.scope.last.scope);
	return {
		name,
		origin: "sql",
		wire: null,
		statement,
		text,
		definitions: () => definitions,
		confirmed: false,
	};
}

function cursor(parts: Parts, { name, statement, text, hold }: Kept<"declare">): Portal {
	const definitions = definitionsOf([statement.policy], parts.scope.last.scope);
	return {
		...{ name, origin: "sql", statement, wire: null, text, hold, kept: false, confirmed: false },
		definitions: () => definitions,
	};
}
