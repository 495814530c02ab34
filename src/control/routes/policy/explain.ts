import type { Control } from "../../app.ts";
import { guardedFailures } from "../../schemas/common.ts";
import { EvalRequest, Explanation } from "../../schemas/policy.ts";
import type { App } from "../../server.ts";
import { evalResource } from "./eval.ts";

/** The same as `eval`, in words. */
export function explainPolicy(app: App, control: Control): void {
	const { guard, ports } = control;
	app.post(
		"/api/v1/policy/explain",
		{
			config: {
				access: {
					action: "policy:explain",
					resource: (request) => evalResource(request, control),
					inBody: true,
					recorded: true,
				},
			},
			schema: {
				summary: "Explain the decision on a command",
				body: EvalRequest,
				response: { 200: Explanation, ...guardedFailures },
			},
		},
		async (request) =>
			ports.policyEval.explain(
				await ports.policyEval.evaluate({
					principal: guard.caller(request).identity.principal,
					...request.body,
				}),
			),
	);
}
