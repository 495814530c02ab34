import { parseDuration } from "../../../lib/index.ts";
import { resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { ControlError } from "../../errors.ts";
import { guardedFailures } from "../../schemas/common.ts";
import { LockRequest, LockView } from "../../schemas/locks.ts";
import type { App } from "../../server.ts";
import { lockView } from "../../views.ts";

/** Keeps somebody, a group or a connection out: open sessions end, new ones are refused. */
export function addLock(app: App, { guard, ports }: Control): void {
	app.post(
		"/api/v1/locks",
		{
			config: {
				access: {
					action: "locks:add",
					resource: (request) => resource("lock", (request.body as LockRequest).target),
					inBody: true,
					recorded: true,
				},
			},
			schema: { summary: "Lock out", body: LockRequest, response: { 201: LockView, ...guardedFailures } },
		},
		async (request, reply) => {
			const { target, message = "ask whoever administers the gateway", expires_in } = request.body;
			const lifetime = expires_in === undefined ? null : parseDuration(expires_in);
			if (lifetime === undefined) throw new ControlError("request_invalid", "expires_in is not a duration.");
			const expiresAt = lifetime === null ? null : ports.clock.now() + lifetime;
			const by = guard.caller(request).identity.principal;
			return reply.status(201).send(lockView(ports.locks.add({ target, message, expiresAt }, by)));
		},
	);
}
