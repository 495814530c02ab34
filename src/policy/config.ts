import { Closed, type Static, StringEnum, Type } from "../lib/index.ts";

/** A secret is read from the environment or a file; a literal one is for development. */
export const SecretReference = Type.Union([
	Type.String({ minLength: 1 }),
	Closed({ env: Type.String({ minLength: 1 }) }),
	Closed({ file: Type.String({ minLength: 1 }) }),
]);
export type SecretReference = Static<typeof SecretReference>;

/** A server of bundles (OPA's `services`). */
export const ServiceConfig = Closed({
	url: Type.String({ minLength: 1 }),
	headers: Type.Optional(Type.Record(Type.String(), Type.String())),
	response_header_timeout_seconds: Type.Optional(Type.Integer({ minimum: 1 })),
	credentials: Type.Optional(
		Closed({
			bearer: Closed({
				token: Type.Optional(SecretReference),
				token_path: Type.Optional(Type.String()),
				scheme: Type.Optional(Type.String()),
			}),
		}),
	),
});
export type ServiceConfig = Static<typeof ServiceConfig>;

export const SigningConfig = Closed({
	keyid: Type.String({ minLength: 1 }),
	scope: Type.Optional(Type.String()),
	/** Globs of paths, each relative to the bundle's root, that the signature need not name. */
	exclude_files: Type.Optional(Type.Array(Type.String())),
});
export type SigningConfig = Static<typeof SigningConfig>;

/** A bundle (OPA's `bundles`). `resource` is a path on the service, or `file://` with a tarball or directory. */
export const BundleConfig = Closed({
	service: Type.Optional(Type.String()),
	resource: Type.Optional(Type.String()),
	polling: Type.Optional(
		Closed({
			min_delay_seconds: Type.Optional(Type.Number({ minimum: 0.05 })),
			max_delay_seconds: Type.Optional(Type.Number({ minimum: 0.05 })),
		}),
	),
	signing: Type.Optional(SigningConfig),
	persist: Type.Optional(Type.Boolean()),
	size_limit_bytes: Type.Optional(Type.Integer({ minimum: 1 })),
});
export type BundleConfig = Static<typeof BundleConfig>;

export const SIGNING_ALGORITHMS = [
	"HS256",
	"HS384",
	"HS512",
	"RS256",
	"RS384",
	"RS512",
	"PS256",
	"PS384",
	"PS512",
	"ES256",
	"ES384",
	"ES512",
] as const;

/** A key that verifies bundles (OPA's `keys`): a PEM public key or certificate, or an HMAC secret. */
export const KeyConfig = Closed({
	algorithm: Type.Optional(StringEnum(SIGNING_ALGORITHMS)),
	key: SecretReference,
	scope: Type.Optional(Type.String()),
});
export type KeyConfig = Static<typeof KeyConfig>;

/** The sections of `sallyport.yaml` that the policy room reads. */
export const POLICY_CONFIG = {
	services: Type.Record(Type.String(), ServiceConfig),
	bundles: Type.Record(Type.String(), BundleConfig),
	keys: Type.Record(Type.String(), KeyConfig),
	persistence_directory: Type.String(),
} as const;

export interface PolicyConfig {
	readonly services?: Readonly<Record<string, ServiceConfig>>;
	readonly bundles: Readonly<Record<string, BundleConfig>>;
	readonly keys?: Readonly<Record<string, KeyConfig>>;
	/** Where activated bundles with `persist: true` are kept. */
	readonly persistence_directory: string;
}
