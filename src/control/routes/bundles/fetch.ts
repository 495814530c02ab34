import { Closed, Type } from "../../../lib/index.ts";
import { pathParameter, resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { ControlError } from "../../errors.ts";
import { NameParameters } from "../../schemas/common.ts";
import type { App } from "../../server.ts";

const Query = Closed({
	etag: Type.Optional(
		Type.String({
			pattern: "^[0-9a-f]{64}$",
			description: "An earlier revision, in place of the one in force.",
		}),
	),
});

/**
 * The bundle protocol's download. Its type is plainly `application/gzip`: the one of the bundle protocol would
 * announce long polling.
 */
export function fetchBundle(app: App, { ports }: Control): void {
	app.get(
		"/bundles/:name",
		{
			config: {
				access: {
					action: "bundle:read",
					resource: (request) => resource("bundle", pathParameter(request, "name")),
					recorded: false,
				},
			},
			schema: {
				summary: "A published bundle",
				params: NameParameters,
				querystring: Query,
				produces: ["application/gzip"],
			},
		},
		async (request, reply) => {
			const { name } = request.params;
			const { etag } = request.query;
			const bundle =
				etag === undefined ? await ports.bundles.current(name) : await ports.bundles.revision(name, etag);
			if (bundle === undefined) throw new ControlError("not_found", `There is no published bundle ${name}.`);
			reply.header("etag", `"${bundle.etag}"`).header("cache-control", "private, no-cache");
			if (matches(request.headers["if-none-match"], bundle.etag)) return reply.status(304).send();
			return reply.type("application/gzip").send(await ports.bundles.read(bundle));
		},
	);
}

/** Whether `If-None-Match` names the entity tag; weak ones are compared as strong ones are, as the header asks. */
function matches(header: string | undefined, etag: string): boolean {
	if (header === undefined) return false;
	return header
		.split(",")
		.some((each) => each.trim() === "*" || each.trim().replace(/^W\//, "") === `"${etag}"`);
}
