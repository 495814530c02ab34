import { Closed, Nullable, Type } from "../../../lib/index.ts";
import { RuleUses } from "../../../policy/index.ts";
import { countRules } from "../../../recording/index.ts";
import { resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { guardedFailures, Instant } from "../../schemas/common.ts";
import type { App } from "../../server.ts";

const Query = Closed({
	since: Type.Optional(Instant),
	until: Type.Optional(Instant),
	connection: Type.Optional(
		Type.Array(Type.String({ minLength: 1, maxLength: 128 }), {
			maxItems: 64,
			description: "All if absent.",
		}),
	),
});

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
				querystring: Query,
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
