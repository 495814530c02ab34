import { ownerOf, pathParameter, resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { earlierThan } from "../../bundles/earlier.ts";
import { PublishedBundle, RollbackRequest } from "../../schemas/bundles.ts";
import { guardedFailures, NameParameters } from "../../schemas/common.ts";
import type { App } from "../../server.ts";

/**
 * Publishes an earlier content again, with a sequence above all others. Only for unsigned bundles: of a signed one
 * the sequence is under the signature, so whoever holds the key has to sign it anew (the command line does).
 */
export function rollbackBundle(app: App, { guard, ports }: Control): void {
	app.post(
		"/api/v1/bundles/:name/rollback",
		{
			config: {
				access: {
					action: "bundle:rollback",
					resource: (request) => resource("bundle", pathParameter(request, "name")),
					recorded: true,
				},
			},
			schema: {
				summary: "Publish an earlier, unsigned bundle again",
				params: NameParameters,
				body: RollbackRequest,
				response: { 200: PublishedBundle, ...guardedFailures },
			},
		},
		async (request) => {
			const { name } = request.params;
			const { to, channel = "stable" } = request.body;
			const by = ownerOf(guard.caller(request).identity.principal);
			const target =
				to === undefined
					? earlierThan(channel, await ports.bundles.revisions(name), name)
					: await ports.bundles.find(name, to);
			const { commit } = target;
			return ports.bundles.rollBack(target, { by, commit, channel, canaries: null });
		},
	);
}
