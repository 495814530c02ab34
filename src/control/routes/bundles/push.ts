import { ownerOf, pathParameter, resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { ControlError } from "../../errors.ts";
import { PublishedBundle } from "../../schemas/bundles.ts";
import { ARCHIVE_TYPES, guardedFailures, NameParameters } from "../../schemas/common.ts";
import { type App, BUNDLE_BODY_BYTES } from "../../server.ts";

/** Publishes a bundle: verified, then stored as a revision of its own, then in force for everybody who polls. */
export function pushBundle(app: App, { guard, ports }: Control): void {
	// In a scope of its own: no other route takes archives, nor bodies of that size.
	app.register(async (scope: App) => {
		scope.addContentTypeParser([...ARCHIVE_TYPES], { parseAs: "buffer" }, (_request, body, done) =>
			done(null, body),
		);
		scope.put(
			"/bundles/:name",
			{
				bodyLimit: BUNDLE_BODY_BYTES,
				config: {
					access: {
						action: "bundle:push",
						resource: (request) => resource("bundle", pathParameter(request, "name")),
						recorded: true,
					},
				},
				schema: {
					summary: "Publish a bundle",
					consumes: [...ARCHIVE_TYPES],
					params: NameParameters,
					response: { 200: PublishedBundle, ...guardedFailures },
				},
			},
			async (request) => {
				if (!Buffer.isBuffer(request.body)) throw new ControlError("media_type_unsupported");
				const by = ownerOf(guard.caller(request).identity.principal);
				return ports.bundles.publish(request.params.name, request.body, by);
			},
		);
	});
}
