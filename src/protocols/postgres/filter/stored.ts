import { type AnalysedStatement, analyse } from "../analysis/index.ts";
import type { FilterMeans } from "./index.ts";

type Meaning = AnalysedStatement["policy"];

/**
 * Whether a statement reads a materialised view that was made of what `reaches` says: its rows are the relation's of an
 * earlier time, all of them, and nothing tells which of the relation's rows they came from. Of a definition that can't
 * be judged, yes.
 */
export function readsStored(
	{ relations, nested }: Meaning,
	reaches: (made: Meaning) => boolean,
	means: FilterMeans,
): boolean {
	const stored = relations.some(({ schema, name, kind }) => {
		if (kind !== "materialized_view") return false;
		const definition = means.scope.catalog.relation(schema, name)?.viewDefinition;
		if (definition === undefined || definition === null) return true;
		return analyse(means.parse(definition), means.scope).some(
			({ policy, unresolved }) =>
				unresolved !== null || policy.opaque || reaches(policy) || readsStored(policy, reaches, means),
		);
	});
	return stored || nested.some((statement) => readsStored(statement, reaches, means));
}
