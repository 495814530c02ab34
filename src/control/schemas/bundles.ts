import { Closed, Nullable, type Static, Type } from "../../lib/index.ts";
import { Instant } from "./common.ts";
import { BundleStatusView } from "./policy.ts";

/** One published revision on this gateway's own bundle server. */
export const PublishedBundle = Closed({
	name: Type.String(),
	revision: Type.String({ description: "The manifest's revision." }),
	sequence: Nullable(Type.Integer({ description: "The manifest's metadata.sallyport.sequence." })),
	etag: Type.String({ description: "SHA-256 of the archive, in hex." }),
	bytes: Type.Integer(),
	signed: Type.Boolean(),
	pushed_at: Instant,
	pushed_by: Type.String(),
	current: Type.Boolean(),
});
export type PublishedBundle = Static<typeof PublishedBundle>;

export const BundleOverview = Closed({
	active: Nullable(Closed({ revision: Type.String(), activated_at: Instant })),
	bundles: Type.Array(BundleStatusView),
	published: Type.Array(PublishedBundle),
});

export const RollbackRequest = Closed({
	etag: Type.Optional(
		Type.String({
			pattern: "^[0-9a-f]{64}$",
			description: "Which revision; without it the one before the current.",
		}),
	),
});
