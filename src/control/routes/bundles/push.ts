import { Closed, StringEnum, Type } from "../../../lib/index.ts";
import { ownerOf, pathParameter, resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { ControlError } from "../../errors.ts";
import { PublishedBundle } from "../../schemas/bundles.ts";
import { ARCHIVE_TYPES, guardedFailures, NameParameters } from "../../schemas/common.ts";
import type { App } from "../../server.ts";

const Query = Closed({
	channel: Type.Optional(
		Type.Unsafe<"stable" | "canary" | "none">({
			...StringEnum(["stable", "canary", "none"]),
			description: "Where it comes into force: `stable` unless it is named; `none` only keeps it.",
		}),
	),
	commit: Type.Optional(Type.String({ minLength: 1, maxLength: 200, pattern: "^[^\\p{Cc}]+$" })),
});

/** Publishes a bundle: verified, then kept as a revision of its own, then in force for everybody who polls. */
export function pushBundle(app: App, { guard, ports }: Control): void {
	// In a scope of its own: no other route takes archives, nor bodies of that size.
	app.register(async (scope: App) => {
		scope.addContentTypeParser([...ARCHIVE_TYPES], { parseAs: "buffer" }, (_request, body, done) =>
			done(null, body),
		);
		scope.put(
			"/bundles/:name",
			{
				bodyLimit: ports.bundleLimits.bytes,
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
					querystring: Query,
					response: { 200: PublishedBundle, ...guardedFailures },
				},
			},
			async (request) => {
				if (!Buffer.isBuffer(request.body)) throw new ControlError("media_type_unsupported");
				const by = ownerOf(guard.caller(request).identity.principal);
				const { channel = "stable", commit = null } = request.query;
				return ports.bundles.publish(request.params.name, request.body, {
					by,
					commit,
					channel: channel === "none" ? null : channel,
					canaries: null,
				});
			},
		);
	});
}
