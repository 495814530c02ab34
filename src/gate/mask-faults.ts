import type { SqlStatement } from "../commands/index.ts";
import { type MissingColumn, parseColumnName } from "../masking/index.ts";
import type { MaskObligation, PolicyRuntime } from "../policy/index.ts";

/** A mask that names a column which its table, on this connection, does not have: statements on it are denied. */
export interface MaskFault {
	readonly connection: string;
	readonly error: MissingColumn;
	/** When a statement was denied for it last, in milliseconds since the epoch. */
	readonly at: number;
}

/** More than this are not told apart: somebody who misspelt as many names knows what to look at. */
const MAX_FAULTS = 100;

/** What operators are told of masks that can't be put on: as denials show it, under the policy in force. */
export class MaskFaults {
	readonly #faults = new Map<string, MaskFault>();

	constructor(policy: Pick<PolicyRuntime, "onActivated">) {
		policy.onActivated(() => this.#faults.clear());
	}

	/** The newest last. */
	list(): readonly MaskFault[] {
		return [...this.#faults.values()];
	}

	denied(connection: string, error: MissingColumn, at: number): void {
		const key = JSON.stringify([connection, error.schema, error.table, error.column]);
		this.#faults.delete(key);
		if (this.#faults.size < MAX_FAULTS) this.#faults.set(key, { connection, error, at });
	}

	/** A command on the table goes on under the same mask: the column is there by now. */
	permitted(connection: string, masks: readonly MaskObligation[], statements: readonly SqlStatement[]): void {
		if (this.#faults.size === 0) return;
		const names = masks.flatMap(({ columns }) => columns.map(parseColumnName));
		for (const [key, fault] of this.#faults) {
			const { error } = fault;
			const same = names.some(({ schema, table, column }) => {
				return schema === error.schema && table === error.table && column === error.column;
			});
			if (same && fault.connection === connection && reaches(statements, error)) this.#faults.delete(key);
		}
	}
}

function reaches(statements: readonly SqlStatement[], missing: MissingColumn): boolean {
	const { schema, table } = missing;
	return statements.some(
		({ relations, nested }) =>
			relations.some((relation) => relation.schema === schema && relation.name === table) ||
			reaches(nested, missing),
	);
}
