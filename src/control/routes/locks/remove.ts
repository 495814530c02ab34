import { pathParameter, resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { Done, guardedFailures, IdParameters } from "../../schemas/common.ts";
import type { App } from "../../server.ts";

export function removeLock(app: App, { ports }: Control): void {
	app.delete(
		"/api/v1/locks/:id",
		{
			config: {
				access: {
					action: "locks:remove",
					resource: (request) => {
						const id = pathParameter(request, "id");
						return resource("lock", ports.locks.list().find((lock) => lock.id === id)?.target ?? id);
					},
					recorded: true,
				},
			},
			schema: { summary: "Remove a lock", params: IdParameters, response: { 200: Done, ...guardedFailures } },
		},
		async (request) => {
			ports.locks.remove(request.params.id);
			return { done: true as const };
		},
	);
}
