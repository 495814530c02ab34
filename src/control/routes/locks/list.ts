import { resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { guardedFailures } from "../../schemas/common.ts";
import { LockList } from "../../schemas/locks.ts";
import type { App } from "../../server.ts";
import { lockView } from "../../views.ts";

export function listLocks(app: App, { ports }: Control): void {
	app.get(
		"/api/v1/locks",
		{
			config: { access: { action: "locks:list", resource: () => resource("lock"), recorded: false } },
			schema: { summary: "Locks in force", response: { 200: LockList, ...guardedFailures } },
		},
		async () => ({ locks: ports.locks.list().map(lockView) }),
	);
}
