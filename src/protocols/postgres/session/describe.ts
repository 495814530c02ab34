import { isDeepStrictEqual } from "node:util";
import type { AnalysedSql, Description } from "../analyse.ts";
import { decodeRowDescription, encodeDescribe, ProtocolError } from "../codec/index.ts";
import type { Parts } from "./parts.ts";
import type { WireStatement } from "./registry.ts";

/** Kept with one text: more combinations of given types than this alternate only where somebody wants them to. */
const KEPT_DESCRIPTIONS = 16;

/** Takes what the server's answer to Describe tells of a statement. */
export function takeDescription(
	wire: WireStatement,
	sql: AnalysedSql,
): (parameterTypes: readonly number[] | null, row: Buffer | null) => void {
	return (parameterTypes, row) => {
		const description = descriptionOf(parameterTypes, row);
		if (wire.analysed === sql) {
			wire.description = description;
			wire.promised ??= description;
		}
		if (sql.descriptions.size >= KEPT_DESCRIPTIONS) sql.descriptions.clear();
		sql.descriptions.set(wire.givenTypes.join(), description);
	};
}

function descriptionOf(parameterTypes: readonly number[] | null, row: Buffer | null): Description {
	const fields = row === null ? null : decodeRowDescription(row, 0, row.length);
	return { parameterTypes: parameterTypes ?? [], fields };
}

/**
 * Behind a Parse: where another session has asked, its answer serves at once. The server is asked all the same, and
 * says it before the first row, because a table may have got other columns since that nobody has noticed here yet.
 */
export function describedBefore(parts: Parts, name: string, wire: WireStatement): void {
	const { descriptions } = wire.analysed;
	const known = descriptions.get(wire.givenTypes.join());
	if (known === undefined) return;
	wire.description = known;
	wire.promised ??= known;
	if (known.fields === null && known.parameterTypes.length === 0) return;
	parts.upstream.describeStatement(wire.permit, encodeDescribe("statement", name), {
		visible: false,
		showErrors: true,
		described: (parameterTypes, row) => {
			if (isDeepStrictEqual(descriptionOf(parameterTypes, row), known)) return;
			descriptions.clear();
			parts.database.keeper.invalidate();
			throw new ProtocolError("row_shape_unexpected", "a relation has other columns than a moment ago");
		},
	});
}

/**
 * True while the statement has the columns that it had at first. The server refuses to run one that has others, but for
 * FETCH and EXECUTE: their columns are those of what the name stands for when they run.
 */
export function keepsPromise({ promised, description, analysed }: WireStatement): boolean {
	if (analysed.statements.every(({ control }) => control.type === "fetch" || control.type === "execute"))
		return true;
	if (promised === null || description === null || promised.fields === description.fields) return true;
	const now = description.fields;
	return (
		promised.fields !== null &&
		promised.fields.length === now?.length &&
		promised.fields.every(({ name, typeOid, modifier }, index) => {
			const field = now[index];
			return field?.name === name && field.typeOid === typeOid && field.modifier === modifier;
		})
	);
}

/**
 * Makes sure that parameter types and columns are known before anything is bound: the policy is to see values, and
 * rows are checked against what was analysed. Once a statement, and not at all where another session asked before.
 */
export function described(parts: Parts, name: string, wire: WireStatement): void | Promise<void> {
	if (wire.description !== null) return;
	const { upstream, steps } = parts;
	upstream.describeStatement(wire.permit, encodeDescribe("statement", name), {
		visible: false,
		showErrors: true,
		described: takeDescription(wire, wire.analysed),
	});
	return steps.drained();
}
