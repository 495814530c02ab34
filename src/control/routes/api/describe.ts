import { resource } from "../../access.ts";
import type { App } from "../../server.ts";

/** The OpenAPI document of this very application. */
export function describeApi(app: App): void {
	app.get(
		"/api/openapi.json",
		{
			config: { access: { action: "api:read", resource: () => resource("api"), recorded: false } },
			schema: { summary: "This description" },
		},
		async () => app.swagger(),
	);
}
