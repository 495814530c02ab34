import { Closed, Type } from "../../../lib/index.ts";
import { resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { ControlError } from "../../errors.ts";
import { ARCHIVE_TYPES, Done, guardedFailures } from "../../schemas/common.ts";
import type { App } from "../../server.ts";

const PATH = "/api/v1/policy/shadow";
const Share = Closed({
	share: Type.Number({
		exclusiveMinimum: 0,
		maximum: 1,
		default: 1,
		description: "Of the live decisions, how many the candidate is asked about.",
	}),
});

/** A candidate beside the live policy: started with its bundle, looked at, stopped. It never changes an answer. */
export function shadowPolicy(app: App, { ports }: Control): void {
	const access = (action: "policy:shadow" | "policy:impact") => ({
		action,
		resource: () => resource("policy", "shadow"),
		recorded: true,
	});
	app.register(async (scope: App) => {
		scope.addContentTypeParser([...ARCHIVE_TYPES], { parseAs: "buffer" }, (_request, body, done) =>
			done(null, body),
		);
		scope.put(
			PATH,
			{
				bodyLimit: ports.bundleLimits.bytes,
				config: { access: access("policy:shadow") },
				schema: {
					summary: "Start a candidate beside the policy",
					consumes: [...ARCHIVE_TYPES],
					querystring: Share,
					response: { 200: Done, ...guardedFailures },
				},
			},
			async (request) => {
				if (!Buffer.isBuffer(request.body)) throw new ControlError("media_type_unsupported");
				await ports.policyShadow.start(request.body, request.query.share);
				return { done: true } as const;
			},
		);
	});
	app.get(
		PATH,
		{ config: { access: access("policy:impact") }, schema: { summary: "What the candidate differs in" } },
		async () => ports.policyShadow.status(),
	);
	app.delete(
		PATH,
		{
			config: { access: access("policy:shadow") },
			schema: { summary: "Stop the candidate", response: { 200: Done, ...guardedFailures } },
		},
		async () => {
			await ports.policyShadow.stop();
			return { done: true } as const;
		},
	);
}
