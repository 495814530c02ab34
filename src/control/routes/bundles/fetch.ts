import type { FastifyReply, FastifyRequest } from "fastify";
import { Closed, Type } from "../../../lib/index.ts";
import { pathParameter, resource } from "../../access.ts";
import type { Control } from "../../app.ts";
import { askerOf, matches, preferredWait } from "../../bundles/asker.ts";
import type { Channel } from "../../bundles/channels.ts";
import { ControlError } from "../../errors.ts";
import { ChannelName, type PublishedBundle } from "../../schemas/bundles.ts";
import { NameParameters } from "../../schemas/common.ts";
import type { App } from "../../server.ts";

/** Says that long polling is understood: a client that can goes on with it only at exactly this type. */
const BUNDLE_TYPE = "application/vnd.openpolicyagent.bundles";

const Query = Closed({
	etag: Type.Optional(
		Type.String({ pattern: "^[0-9a-f]{64}$", description: "That revision, in place of the one in force." }),
	),
	channel: Type.Optional(ChannelName),
});

type Wanted = (bundle: PublishedBundle) => string | null;

/**
 * OPA's bundle protocol: a bundle by its channel, with entity tags and long polls. `/rego` is the variant that OPA
 * itself can run, without the compiled module.
 */
export function fetchBundle(app: App, control: Control): void {
	route(app, control, "/bundles/:name", "A published bundle", ({ etag }) => etag);
	const summary = "A published bundle's sources, for OPA itself";
	route(app, control, "/bundles/:name/rego", summary, (bundle) => bundle.rego_etag);
}

function route(app: App, control: Control, url: string, summary: string, wanted: Wanted): void {
	app.get(
		url,
		{
			config: {
				access: {
					action: "bundle:read",
					resource: (request) => resource("bundle", pathParameter(request, "name")),
					recorded: false,
				},
			},
			schema: { summary, params: NameParameters, querystring: Query, produces: [BUNDLE_TYPE] },
		},
		async (request, reply) => {
			const { name } = request.params;
			const { etag, channel } = request.query;
			const find = async () =>
				etag === undefined
					? selectFor(request, control, name, channel)
					: toSend(await control.ports.bundles.find(name, etag), wanted);
			const selectFor = async (from: FastifyRequest, { ports, guard }: Control, of: string, on?: Channel) => {
				const bundle = await ports.bundles.select(of, askerOf(from, guard.caller(from), on));
				if (bundle === undefined) throw new ControlError("not_found", `There is no published bundle ${of}.`);
				return toSend(bundle, wanted);
			};
			let file = await find();
			const { "if-none-match": known, prefer } = request.headers;
			if (etag === undefined && matches(known, file.etag) && preferredWait(prefer) > 0) {
				await changed(control, name, preferredWait(prefer), reply, async () => {
					file = await find();
					return !matches(known, file.etag);
				});
				// While it waited, the caller may have lost the right to what it waited for.
				await control.guard.again(request);
			}
			reply.header("etag", `"${file.etag}"`).header("cache-control", "private, no-cache").type(BUNDLE_TYPE);
			if (matches(known, file.etag)) return reply.status(304).send();
			return reply.send(await control.ports.bundles.read(file));
		},
	);
}

function toSend(bundle: PublishedBundle, wanted: Wanted): { name: string; etag: string } {
	const etag = wanted(bundle);
	if (etag !== null) return { name: bundle.name, etag };
	throw new ControlError("not_found", `The revision ${bundle.revision} of ${bundle.name} holds no sources.`, {
		remedy: "Build it with this release's `sallyport bundle build`, which adds them.",
	});
}

/** Waits until what the caller gets is another revision, for no longer than it would wait or the server lets it. */
async function changed(
	{ ports }: Control,
	name: string,
	seconds: number,
	reply: FastifyReply,
	isOther: () => Promise<boolean>,
): Promise<void> {
	const gone = new AbortController();
	reply.raw.on("close", () => gone.abort());
	const end = performance.now() + Math.min(seconds * 1_000, ports.bundleLimits.maxWaitMs);
	for (let left = end - performance.now(); left > 0; left = end - performance.now()) {
		if (!(await ports.bundles.wait(name, left, gone.signal)) || (await isOther())) return;
	}
}
