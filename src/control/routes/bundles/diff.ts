import { compareBundles } from "../../../policy/index.ts";
import { pathParameter, resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { DiffQuery } from "../../schemas/bundles.ts";
import { guardedFailures, NameParameters } from "../../schemas/common.ts";
import { BundleDiff } from "../../schemas/diff.ts";
import type { App } from "../../server.ts";

/** What changes from one revision to another: rules line by line, data value by value. */
export function diffBundles(app: App, { ports }: Control): void {
	app.get(
		"/api/v1/bundles/:name/diff",
		{
			config: {
				access: {
					action: "bundle:read",
					resource: (request) => resource("bundle", pathParameter(request, "name")),
					recorded: false,
				},
			},
			schema: {
				summary: "The difference of two revisions",
				params: NameParameters,
				querystring: DiffQuery,
				response: { 200: BundleDiff, ...guardedFailures },
			},
		},
		async (request) => {
			const { bundles } = ports;
			const { name } = request.params;
			const [from, to] = await Promise.all(
				[request.query.from, request.query.to].map((wanted) => bundles.find(name, wanted)),
			);
			if (from === undefined || to === undefined) throw new Error("two were asked for");
			return compareBundles(await bundles.read(from), await bundles.read(to));
		},
	);
}
