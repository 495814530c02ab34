import { resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import type { App } from "../../server.ts";

/** Prometheus' text format. */
export function metrics(app: App, { ports }: Control): void {
	app.get(
		"/metrics",
		{
			config: { access: { action: "metrics:read", resource: () => resource("metrics"), recorded: false } },
			schema: { summary: "Metrics in Prometheus' text format", produces: ["text/plain"] },
		},
		async (_request, reply) => reply.type(ports.metrics.contentType).send(await ports.metrics.metrics()),
	);
}
