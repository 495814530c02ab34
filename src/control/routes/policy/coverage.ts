import { Closed, Nullable, Type } from "../../../lib/index.ts";
import { RuleUses } from "../../../policy/index.ts";
import { countRules } from "../../../recording/index.ts";
import { resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { guardedFailures } from "../../schemas/common.ts";
import { RecordedSpan } from "../../schemas/policy.ts";
import type { App } from "../../server.ts";

const Coverage = Closed({
	revision: Type.String({ description: "Whose rules are listed; the decisions are those of all revisions." }),
	decisions: Type.Integer(),
	rules: Type.Array(
		Closed({
			set: Type.String(),
			rule: Type.String(),
			file: Type.String(),
			line: Nullable(Type.Integer()),
			fired: Nullable(Type.Integer({ description: "Null where decisions don't tell." })),
		}),
	),
});

/** Which of the policy's rules decided the recorded commands, how often, and which never. */
export function coverPolicy(app: App, { ports }: Control): void {
	app.get(
		"/api/v1/policy/coverage",
		{
			config: {
				access: { action: "policy:coverage", resource: () => resource("policy", "coverage"), recorded: true },
			},
			schema: {
				summary: "Coverage of the rules by traffic",
				querystring: RecordedSpan,
				response: { 200: Coverage, ...guardedFailures },
			},
		},
		async ({ query: { since, until, connection = [] } }) => {
			const active = ports.policy.active;
			const uses = new RuleUses(active?.ready.rules ?? []);
			const decisions = await countRules(ports.recordDirectory, uses, {
				...(since === undefined ? {} : { since: Date.parse(since) }),
				...(until === undefined ? {} : { until: Date.parse(until) }),
				connections: connection,
			});
			return { revision: active?.revision ?? "", decisions, rules: uses.list() };
		},
	);
}
