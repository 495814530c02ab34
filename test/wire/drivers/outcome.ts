import type { DatabaseError } from "pg";
import type { Road } from "../world.ts";

/** What came of each step of a driver's work, by the step's name, in their order. */
export type Outcomes = ReadonlyMap<string, unknown>;

/** Does a driver's whole work on a road. */
export type Work = (road: Road) => Promise<Outcomes>;

/** What an error says, in a form that can be compared. */
function failure(error: unknown): unknown {
	const { code, severity, message, detail, hint, position, table, constraint } = error as DatabaseError;
	return { code, severity, message, detail, hint, position, table, constraint };
}

export async function outcomeOf(work: () => Promise<unknown>): Promise<unknown> {
	try {
		return await work();
	} catch (error) {
		return failure(error);
	}
}

/** Lines of JSON, each `[step, outcome]`. */
export function outcomesOf(lines: string): Outcomes {
	return new Map(
		lines
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line) as [string, unknown]),
	);
}
