import type { FastifyRequest } from "fastify";
import { type Resource, resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { guardedFailures } from "../../schemas/common.ts";
import { EvalAnswer, EvalRequest } from "../../schemas/policy.ts";
import type { App } from "../../server.ts";

/** The connection that is asked about. */
export function evalResource(request: FastifyRequest, { ports }: Control): Resource {
	const { connection: name } = request.body as EvalRequest;
	if (name === undefined) return resource("policy", "input");
	const connection = ports.connections.get(name);
	return { ...resource("policy", name), connection: name, labels: { ...connection?.labels } };
}

/** What the policy would be asked for a command, and what it answers. Nothing is run on the target. */
export function evaluatePolicy(app: App, control: Control): void {
	const { guard, ports } = control;
	app.post(
		"/api/v1/policy/eval",
		{
			config: {
				access: {
					action: "policy:eval",
					resource: (request) => evalResource(request, control),
					inBody: true,
					recorded: true,
				},
			},
			schema: {
				summary: "Evaluate a command",
				body: EvalRequest,
				response: { 200: EvalAnswer, ...guardedFailures },
			},
		},
		async (request) =>
			ports.policyEval.evaluate({ principal: guard.caller(request).identity.principal, ...request.body }),
	);
}
