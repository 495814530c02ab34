import type { Relation } from "../catalog/model.ts";
import { catalogEnv, type Env } from "./environment.ts";
import { Findings, qualified } from "./findings.ts";
import { predicate } from "./predicate.ts";
import { fieldsOf, relationItem } from "./relations.ts";
import { finish } from "./result.ts";
import { analyseStatement } from "./statement.ts";
import { parseOne } from "./texts.ts";
import { as, items } from "./tree.ts";

/**
 * CREATE RULE's actions run with the statement, or in its place. True when there are any: what is written besides
 * isn't followed further then.
 */
export function rewriteRules(relation: Relation, operation: string, env: Env): boolean {
	const rules = relation.rules.filter((rule) => rule.event === operation);
	const name = qualified(relation.schema, relation.name);
	for (const rule of rules) {
		const definition = as(parseOne(rule.definition, env), "RuleStmt");
		if (definition === undefined || env.stack.includes(relation.oid)) {
			env.findings.opaque(`a rule of ${name} can't be read`);
			continue;
		}
		const fields = fieldsOf(relation, env);
		const rows = ["old", "new"].map((alias) => ({
			...relationItem(relation, fields, alias),
			columnsVisible: false,
		}));
		const place = (findings: Findings): Env => ({
			...catalogEnv(env, findings, { origin: `a rule of ${name}`, temporary: relation.temporary }, rows),
			stack: [...env.stack, relation.oid],
		});
		const condition = new Findings();
		predicate(definition.whereClause, place(condition), "predicate");
		env.findings.absorb(condition, { via: "rule" });
		for (const action of (definition.actions ?? []).flatMap((node) => items(node))) {
			const findings = new Findings();
			const outer = place(findings);
			const result = analyseStatement(action, { ...outer, outer, items: [], everything: [] });
			env.findings.absorb(findings, { via: `rule of ${name}` });
			if (result.returns === "rows" && result.kind === "select")
				env.findings.opaque(`a rule of ${name} answers with rows of its own`);
			env.findings.nested.push(finish(result, findings, 0, 0));
		}
	}
	return rules.length > 0;
}
