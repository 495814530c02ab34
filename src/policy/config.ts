import { Closed, SecretValue, type Static, StringEnum, Type } from "../lib/index.ts";
import { DecisionLogs, type DecisionLogsConfig } from "./decision-log/config.ts";
import { Discovery, type DiscoveryConfig } from "./discovery/config.ts";
import { Polling, Signing, Trigger } from "./fetching.ts";
import { Service, type ServiceConfig } from "./services/config.ts";
import { Status, type StatusConfig } from "./status/config.ts";

const Bundle = Closed({
	service: Type.Optional(
		Type.String({
			description: "The name in `services`, else the first of them; none with a `file://` resource.",
		}),
	),
	resource: Type.String({
		default: "",
		description:
			"A path on the service, or `file://PATH` of a tarball or a directory. Default: `bundles/NAME`.",
	}),
	polling: Polling,
	trigger: Trigger,
	signing: Type.Optional(Signing),
	persist: Type.Boolean({
		default: false,
		description:
			"Whether the active revision is kept on disk and used when the service can't be reached at start.",
	}),
	size_limit_bytes: Type.Integer({
		minimum: 1,
		default: 64 * 1024 * 1024,
		description: "The largest bundle taken: of its archive, and of all its files together.",
	}),
});

export const SIGNING_ALGORITHMS = [
	"ES256",
	"ES384",
	"ES512",
	"EdDSA",
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
	key: Type.Optional(
		SecretValue(
			"The public key in PEM, or with HS* the shared secret. A public key may stand here literally.",
		),
	),
	private_key: Type.Optional(
		SecretValue("The private key in PEM, or the shared secret: what `oauth2.signing_key` signs with."),
	),
	scope: Type.Optional(Type.String({ description: "The scope that the signature has to carry." })),
});

/** Where policy comes from. The names and meanings are OPA's. */
export const policyProperties = {
	services: Type.Unsafe<Record<string, Static<typeof Service>>>({
		type: "object",
		additionalProperties: Service,
		default: {},
		description: "Servers that bundles are fetched from, and that status and decision logs are sent to.",
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
		description: "Keys that bundles' signatures are verified with, and that clients prove themselves with.",
	}),
	labels: Type.Unsafe<Record<string, string>>({
		type: "object",
		additionalProperties: { type: "string" },
		default: {},
		description:
			"What tells this gateway from others: they stand in its log, its status and its decision logs.",
	}),
	discovery: Type.Optional(Discovery),
	status: Type.Optional(Status),
	decision_logs: Type.Optional(DecisionLogs),
};
export type { ServiceConfig };
export type BundleConfig = Static<typeof Bundle>;
export type KeyConfig = Static<typeof Key>;
export type { SigningConfig } from "./fetching.ts";

/** What the policy room reads of the configuration, as loaded. */
export interface PolicyConfig {
	readonly services: Readonly<Record<string, ServiceConfig>>;
	readonly bundles: Readonly<Record<string, BundleConfig>>;
	readonly keys: Readonly<Record<string, KeyConfig>>;
	readonly labels: Readonly<Record<string, string>>;
	readonly discovery?: DiscoveryConfig | undefined;
	readonly status?: StatusConfig | undefined;
	readonly decision_logs?: DecisionLogsConfig | undefined;
	/** Where activated bundles with `persist` are kept, and the highest sequence of each. */
	readonly persistence_directory: string;
}
