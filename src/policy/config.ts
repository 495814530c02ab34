import { Closed, FilePath, SecretValue, type Static, StringEnum, Type } from "../lib/index.ts";

/** A server of bundles. */
const Service = Closed({
	url: Type.String({
		pattern: "^https?://[^\\s]+$",
		description: "The base URL that resources are paths on.",
	}),
	credentials: Type.Optional(
		Closed({
			bearer: Closed({
				token: SecretValue("The token sent as `Authorization: Bearer`."),
			}),
		}),
	),
	headers: Type.Optional(
		Type.Record(Type.String(), Type.String(), { description: "Further request headers." }),
	),
	tls: Type.Optional(
		Closed({ ca_cert: FilePath("PEM file with the authorities to trust for this service.") }),
	),
	response_header_timeout_seconds: Type.Integer({
		minimum: 1,
		maximum: 600,
		default: 10,
		description: "How long to wait for the answer's headers.",
	}),
});

const Polling = Closed({
	min_delay_seconds: Type.Number({
		minimum: 0.05,
		default: 60,
		description: "Least time between two polls.",
	}),
	max_delay_seconds: Type.Number({
		minimum: 0.05,
		default: 120,
		description: "Most time between two polls.",
	}),
});

const Signing = Closed({
	keyid: Type.String({
		minLength: 1,
		description: "The name in `keys` of the key that bundles are verified with.",
	}),
	scope: Type.Optional(Type.String({ description: "The scope that the signature has to carry, exactly." })),
	exclude_files: Type.Optional(
		Type.Array(Type.String(), { description: "Files of the bundle that the signature leaves out." }),
	),
});

const Bundle = Closed({
	service: Type.Optional(
		Type.String({ description: "The name in `services`; none with a `file://` resource." }),
	),
	resource: Type.String({
		minLength: 1,
		description: "A path on the service, or `file://PATH` of a tarball or a directory.",
	}),
	polling: Type.Unsafe<Static<typeof Polling>>({ ...Polling, default: {} }),
	signing: Type.Optional(Signing),
	persist: Type.Boolean({
		default: false,
		description:
			"Whether the active revision is kept on disk and used when the service can't be reached at start.",
	}),
	size_limit_bytes: Type.Integer({
		minimum: 1,
		default: 64 * 1024 * 1024,
		description: "The largest bundle taken, unpacked.",
	}),
});

export const SIGNING_ALGORITHMS = [
	"ES256",
	"ES384",
	"ES512",
	"HS256",
	"HS384",
	"HS512",
	"PS256",
	"PS384",
	"PS512",
	"RS256",
	"RS384",
	"RS512",
] as const;

const Key = Closed({
	algorithm: Type.Unsafe<(typeof SIGNING_ALGORITHMS)[number]>({
		...StringEnum(SIGNING_ALGORITHMS),
		default: "RS256",
		description: "The signature's algorithm. The token's own header is never believed.",
	}),
	key: SecretValue(
		"The public key in PEM, or with HS* the shared secret. A public key may stand here literally.",
	),
	scope: Type.Optional(Type.String({ description: "The scope that the signature has to carry." })),
});

/** Where policy comes from. The names and meanings are OPA's. */
export const policyProperties = {
	services: Type.Unsafe<Record<string, Static<typeof Service>>>({
		type: "object",
		additionalProperties: Service,
		default: {},
		description: "Servers that bundles are fetched from.",
	}),
	bundles: Type.Unsafe<Record<string, Static<typeof Bundle>>>({
		type: "object",
		additionalProperties: Bundle,
		default: {},
		description: "The bundles. Exactly one active bundle carries the policy's entrypoints; others are data.",
	}),
	keys: Type.Unsafe<Record<string, Static<typeof Key>>>({
		type: "object",
		additionalProperties: Key,
		default: {},
		description: "Keys that bundles' signatures are verified with.",
	}),
	labels: Type.Unsafe<Record<string, string>>({
		type: "object",
		additionalProperties: { type: "string" },
		default: {},
		description: "What tells this gateway from others: they stand in every line of its log.",
	}),
};
export type ServiceConfig = Static<typeof Service>;
export type BundleConfig = Static<typeof Bundle>;
export type KeyConfig = Static<typeof Key>;
export type SigningConfig = Static<typeof Signing>;

/** What the policy room reads of the configuration, as loaded. */
export interface PolicyConfig {
	readonly services: Readonly<Record<string, ServiceConfig>>;
	readonly bundles: Readonly<Record<string, BundleConfig>>;
	readonly keys: Readonly<Record<string, KeyConfig>>;
	/** Where activated bundles with `persist` are kept, and the highest sequence of each. */
	readonly persistence_directory: string;
}
