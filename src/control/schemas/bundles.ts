import { Closed, Nullable, type Static, StringEnum, Type } from "../../lib/index.ts";
import { CHANNELS, type Channel } from "../bundles/channels.ts";
import { Canaries } from "../bundles/index-file.ts";
import { Instant } from "./common.ts";
import { BundleStatusView } from "./policy.ts";

export const ChannelName = Type.Unsafe<Channel>({ ...StringEnum(CHANNELS) });

/** One published revision on this bundle server. */
export const PublishedBundle = Closed({
	name: Type.String(),
	revision: Type.String({ description: "The manifest's revision." }),
	sequence: Nullable(Type.Integer({ description: "The manifest's metadata.sallyport.sequence." })),
	etag: Type.String({ description: "SHA-256 of the archive, in hex." }),
	rego_etag: Nullable(
		Type.String({ description: "Of the variant for OPA itself; null when the archive holds no sources." }),
	),
	bytes: Type.Integer(),
	signed: Type.Boolean(),
	pushed_at: Instant,
	pushed_by: Type.String(),
	commit: Nullable(Type.String({ description: "What it was built from, as whoever pushed it said." })),
	channels: Type.Array(ChannelName, { description: "Where it is in force." }),
	canaries: Nullable(Canaries),
	current: Type.Boolean({ description: "Whether it is the stable one." }),
});
export type PublishedBundle = Static<typeof PublishedBundle>;

/** What a gateway reported of one bundle, in OPA's words. */
export const ReportedBundle = Closed({
	name: Type.String(),
	active_revision: Nullable(Type.String()),
	active_since: Nullable(Type.String({ description: "The last successful activation." })),
	last_download: Nullable(Type.String()),
	code: Nullable(Type.String()),
	message: Nullable(Type.String()),
});

/** A gateway, or an OPA, that reports here. */
export const GatewayView = Closed({
	id: Type.String({ description: "The label `id`." }),
	labels: Type.Record(Type.String(), Type.String()),
	reported_by: Type.String({ description: "Whose token it reports with." }),
	reported_at: Instant,
	bundles: Type.Array(ReportedBundle),
});
export type GatewayView = Static<typeof GatewayView>;

/** A mask that can't be put on, on one connection. */
export const MaskFaultView = Closed({
	connection: Type.String(),
	code: Type.String(),
	message: Type.String(),
	remedy: Type.String(),
	denied_at: Type.Unsafe<string>({ ...Instant, description: "When a statement was denied for it last." }),
});

export const BundleOverview = Closed({
	active: Nullable(Closed({ revision: Type.String(), activated_at: Instant })),
	bundles: Type.Array(BundleStatusView),
	discovery: Nullable(BundleStatusView),
	mask_faults: Type.Array(MaskFaultView, {
		description: "Masks that name a column which is not there, as far as statements met them.",
	}),
	published: Type.Array(PublishedBundle),
	gateways: Type.Array(GatewayView),
});

const Revision = Type.String({
	minLength: 1,
	maxLength: 256,
	description: "A channel, an etag or the beginning of one, or a revision's name.",
});

export const PromoteRequest = Closed({
	revision: Revision,
	channel: ChannelName,
	canaries: Type.Optional(Canaries),
});

export const RollbackRequest = Closed({
	to: Type.Optional(Revision),
	channel: Type.Optional(ChannelName),
});

export const DiffQuery = Closed({ from: Revision, to: Revision });
