import type { Definitions, Wanted } from "./definitions.ts";
import type { CatalogQuery } from "./query.ts";
import { type Row, rows, rowsByOid } from "./rows.ts";
import * as sql from "./sql.ts";

/** By relation; definitions and expressions by the object that they belong to. */
export interface Hangers {
	readonly triggers: ReadonlyMap<number, Row[]>;
	readonly triggerDefinitions: ReadonlyMap<number, Row>;
	readonly rules: ReadonlyMap<number, Row[]>;
	readonly ruleDefinitions: ReadonlyMap<number, Row>;
	readonly policies: ReadonlyMap<number, Row[]>;
	readonly policyExpressions: ReadonlyMap<number, Row>;
	readonly checks: ReadonlyMap<number, Row[]>;
	readonly checkExpressions: ReadonlyMap<number, Row>;
	readonly indexes: ReadonlyMap<number, Row[]>;
	readonly indexExpressions: ReadonlyMap<number, Row>;
	readonly comparisons: ReadonlyMap<number, Row[]>;
	readonly statistics: ReadonlyMap<number, Row[]>;
	readonly statisticsExpressions: ReadonlyMap<number, Row>;
	readonly partitionColumns: ReadonlyMap<number, Row[]>;
	readonly partitionKeys: ReadonlyMap<number, Row[]>;
	readonly partitionExpressions: ReadonlyMap<number, Row>;
	readonly cascades: ReadonlyMap<number, Row[]>;
	readonly parents: ReadonlyMap<number, number[]>;
	readonly children: ReadonlyMap<number, number[]>;
}

const NONE: ReadonlyMap<number, never> = new Map<number, never>();
/** The server's own relations have none of these but indexes on plain columns. */
export const NO_HANGERS: Hangers = {
	...{ triggers: NONE, triggerDefinitions: NONE, rules: NONE, ruleDefinitions: NONE, policies: NONE },
	...{ policyExpressions: NONE, checks: NONE, checkExpressions: NONE, indexes: NONE, indexExpressions: NONE },
	...{
		comparisons: NONE,
		statistics: NONE,
		statisticsExpressions: NONE,
		partitionColumns: NONE,
		partitionKeys: NONE,
		partitionExpressions: NONE,
		cascades: NONE,
		parents: NONE,
		children: NONE,
	},
};

/** All that hangs on the relations of that part. */
export async function readHangers(
	query: CatalogQuery,
	part: sql.Part,
	definitions: Definitions,
): Promise<Hangers> {
	const by = (text: string) => rowsByOid(query, text);
	const [inheritance, triggers, rules, policies, checks, indexes, statistics, ...others] = await Promise.all([
		rows(query, sql.inheritance(part)),
		by(sql.triggers(part)),
		by(sql.rules(part)),
		by(sql.policies(part)),
		by(sql.tableChecks(part)),
		by(sql.indexes(part)),
		by(sql.statistics(part)),
		by(sql.partitionKeys(part)),
		by(sql.partitionColumns(part)),
		by(sql.relationComparisons(part)),
		by(sql.cascades(part)),
	]);
	const [partitionKeys, partitionColumns, comparisons, cascades] = others;
	const parents = new Map<number, number[]>();
	const children = new Map<number, number[]>();
	for (const row of inheritance) {
		const [parent, child] = [row.number(0), row.number(1)];
		children.set(parent, [...(children.get(parent) ?? []), child]);
		parents.set(child, [...(parents.get(child) ?? []), parent]);
	}
	const conditional = wanted(triggers, (row) => row.boolean(6));
	return {
		...{ triggers, rules, policies, checks, indexes, statistics, partitionColumns, partitionKeys },
		...{ parents, children, comparisons, cascades },
		triggerDefinitions: await definitions.read("trigger", conditional, sql.triggerDefinitions),
		ruleDefinitions: await definitions.read("rule", wanted(rules), sql.ruleDefinitions),
		policyExpressions: await definitions.read("policy", wanted(policies), sql.policyExpressions),
		checkExpressions: await definitions.read("check", wanted(checks), sql.checkExpressions),
		indexExpressions: await definitions.read("index", wanted(indexes), sql.indexExpressions),
		statisticsExpressions: await definitions.read(
			"statistics",
			wanted(statistics),
			sql.statisticsExpressions,
		),
		partitionExpressions: await definitions.read(
			"partition",
			wanted(partitionKeys),
			sql.partitionExpressions,
		),
	};
}

/** They all have their own OID and `xmin` in the third and fourth place. */
function wanted(byRelation: ReadonlyMap<number, Row[]>, which: (row: Row) => boolean = () => true): Wanted[] {
	return [...byRelation.values()]
		.flat()
		.filter(which)
		.map((row) => ({ oid: row.number(2), stamp: row.text(3) }));
}
