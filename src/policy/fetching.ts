import { Closed, type Static, StringEnum, Type } from "../lib/index.ts";

/** How a bundle is fetched and verified: what bundles and discovery have in common. The names are OPA's. */

const PollingFields = Closed({
	min_delay_seconds: Type.Number({
		minimum: 0.05,
		default: 60,
		description: "Least time between two polls.",
	}),
	max_delay_seconds: Type.Number({
		minimum: 0.05,
		default: 120,
		description: "Most time between two polls, and between two tries after failures.",
	}),
	long_polling_timeout_seconds: Type.Optional(
		Type.Integer({
			minimum: 1,
			maximum: 3600,
			description:
				"How long the service may hold a request until it has something new. Goes on as long as its answers are of the type `application/vnd.openpolicyagent.bundles`.",
		}),
	),
	superseded_etag_ttl_seconds: Type.Integer({
		minimum: 0,
		default: 0,
		description:
			"How long the ETags of replaced bundles keep being sent, so that a server that lags behind doesn't serve one of them again.",
	}),
});
export const Polling = Type.Unsafe<Static<typeof PollingFields>>({ ...PollingFields, default: {} });
export type PollingConfig = Static<typeof PollingFields>;

export const Trigger = Type.Unsafe<"periodic" | "manual">({
	...StringEnum(["periodic", "manual"]),
	default: "periodic",
	description: "`manual`: fetched only when asked to, by `sallyport bundle trigger` or SIGHUP.",
});

export const Signing = Closed({
	keyid: Type.Optional(
		Type.String({
			minLength: 1,
			description:
				"The name in `keys` of the key that bundles are verified with. Without it the signature's own `kid` names one of `keys`.",
		}),
	),
	scope: Type.Optional(Type.String({ description: "The scope that the signature has to carry, exactly." })),
	exclude_files: Type.Optional(
		Type.Array(Type.String(), {
			description:
				"Files of the bundle that the signature leaves out; `*` stands for what is within a folder.",
		}),
	),
	allow_unsigned_delta_bundles: Type.Boolean({
		default: false,
		description: "Whether delta bundles are taken, which can't be signed. Snapshots have to be all the same.",
	}),
});
export type SigningConfig = Static<typeof Signing>;
