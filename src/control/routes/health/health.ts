import { Closed, Type } from "../../../lib/index.ts";
import type { Control } from "../../app.ts";
import type { App } from "../../server.ts";

const Health = Closed({ status: Type.Literal("ok") });
const Readiness = Closed({ ready: Type.Boolean(), policy: Type.Boolean(), record: Type.Boolean() });

/** `/healthz`: the process answers. `/readyz`: commands could be let through. Neither says more than that. */
export function health(app: App, { ports }: Control): void {
	app.get(
		"/healthz",
		{ config: { access: "public" }, schema: { summary: "Alive", response: { 200: Health } } },
		async () => ({ status: "ok" as const }),
	);
	app.get(
		"/readyz",
		{
			config: { access: "public" },
			schema: { summary: "Ready", response: { 200: Readiness, 503: Readiness } },
		},
		async (_request, reply) => {
			const policy = ports.policy.active !== undefined;
			const record = ports.recordHealthy();
			const ready = policy && record;
			return reply.status(ready ? 200 : 503).send({ ready, policy, record });
		},
	);
}
