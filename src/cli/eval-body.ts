import { readJson } from "./files.ts";

export interface EvalBodyOptions {
	readonly connection?: string;
	readonly sql?: string;
	readonly reason?: string;
	readonly principal?: string;
}

/** The body of `policy/eval` and `policy/explain`. */
export async function evalBody({ connection, sql, reason, principal }: EvalBodyOptions): Promise<object> {
	return {
		connection,
		sql,
		...(reason === undefined ? {} : { reason }),
		...(principal === undefined ? {} : { principal: await readJson(principal) }),
	};
}
