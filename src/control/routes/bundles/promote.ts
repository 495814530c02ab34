import { ownerOf, pathParameter, resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { ControlError } from "../../errors.ts";
import { PromoteRequest, PublishedBundle } from "../../schemas/bundles.ts";
import { guardedFailures, NameParameters } from "../../schemas/common.ts";
import type { App } from "../../server.ts";

/** Puts a published revision in force on a channel. */
export function promoteBundle(app: App, { guard, ports }: Control): void {
	app.post(
		"/api/v1/bundles/:name/promote",
		{
			config: {
				access: {
					action: "bundle:promote",
					resource: (request) => resource("bundle", pathParameter(request, "name")),
					recorded: true,
				},
			},
			schema: {
				summary: "Put a revision in force on a channel",
				params: NameParameters,
				body: PromoteRequest,
				response: { 200: PublishedBundle, ...guardedFailures },
			},
		},
		async (request) => {
			const { revision, channel, canaries = null } = request.body;
			if (channel === "stable" && canaries !== null)
				throw new ControlError("request_invalid", "Only the channel canary is of some gateways.");
			const by = ownerOf(guard.caller(request).identity.principal);
			return ports.bundles.promote(request.params.name, revision, { channel, canaries, by });
		},
	);
}
