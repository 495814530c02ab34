import { Closed, FilePath, later, SecretValue, type Static, StringEnum, Type } from "../../lib/index.ts";

const Bearer = Closed({
	token: Type.Optional(SecretValue("The token.")),
	token_path: Type.Optional(FilePath("A file with the token, read anew for each request.")),
	scheme: Type.String({
		pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
		default: "Bearer",
		description: "The word before the token in `Authorization`.",
	}),
});

const OAuth2 = Closed({
	grant_type: Type.Unsafe<"client_credentials" | "jwt_bearer">({
		...StringEnum(["client_credentials", "jwt_bearer"]),
		default: "client_credentials",
		description: "`jwt_bearer` asks with a JWT that `signing_key` signs.",
	}),
	token_url: Type.String({
		pattern: "^https://[^\\s]+$",
		description: "The token endpoint; it is trusted by the service's own `tls`.",
	}),
	client_id: Type.Optional(Type.String({ description: "The client's name at the token endpoint." })),
	client_secret: Type.Optional(SecretValue("Its secret, sent by HTTP Basic.")),
	signing_key: Type.Optional(
		Type.String({
			description: "The name in `keys` of a private key: the client proves itself with a signed JWT.",
		}),
	),
	thumbprint: Type.Optional(
		Type.String({
			pattern: "^[0-9a-fA-F]+$",
			description: "The certificate's thumbprint in hexadecimal, sent as `x5t` in the JWT's header.",
		}),
	),
	additional_claims: Type.Optional(
		Type.Unsafe<Readonly<Record<string, string>>>({
			type: "object",
			additionalProperties: { type: "string" },
			description: "Further claims of the JWT.",
		}),
	),
	include_jti_claim: Type.Boolean({ default: false, description: "Whether each JWT has a name of its own." }),
	client_assertion: Type.Optional(SecretValue("A ready-made assertion, in place of a secret.")),
	client_assertion_path: Type.Optional(FilePath("A file with the assertion, read anew for each token.")),
	client_assertion_type: Type.String({
		default: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
		description: "The assertion's type.",
	}),
	scopes: Type.Optional(Type.Array(Type.String(), { description: "The scopes asked for." })),
	additional_headers: Type.Optional(
		Type.Unsafe<Readonly<Record<string, string>>>({
			type: "object",
			additionalProperties: { type: "string" },
			description: "Further headers of the token request.",
		}),
	),
	additional_parameters: Type.Optional(
		Type.Unsafe<Readonly<Record<string, string>>>({
			type: "object",
			additionalProperties: { type: "string" },
			description: "Further fields of the token request.",
		}),
	),
});

const ClientTls = Closed({
	cert: FilePath("PEM file with the client's certificate, read anew for each connection."),
	private_key: FilePath("PEM file with its key."),
	private_key_passphrase: Type.Optional(SecretValue("What the key is encrypted with.")),
	cert_reread_interval_seconds: Type.Integer({
		minimum: 0,
		default: 0,
		description: "How long both files are kept before they are read again.",
	}),
});

const S3Signing = Type.Object(
	{
		environment_credentials: Type.Optional(
			Type.Unsafe<Record<string, never>>({
				type: "object",
				additionalProperties: false,
				description:
					"AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and AWS_SESSION_TOKEN from the environment.",
			}),
		),
		profile_credentials: Type.Optional(
			Closed({
				path: Type.Optional(
					Type.String({
						description:
							"The credentials file. Default: AWS_SHARED_CREDENTIALS_FILE, then `~/.aws/credentials`.",
					}),
				),
				profile: Type.Optional(
					Type.String({ description: "The profile. Default: AWS_PROFILE, then `default`." }),
				),
				aws_region: Type.Optional(Type.String({ description: "The region. Default: AWS_REGION." })),
			}),
		),
		metadata_credentials: Type.Optional(
			Closed({
				aws_region: Type.Optional(Type.String({ description: "The region. Default: AWS_REGION." })),
				iam_role: Type.Optional(
					Type.String({ minLength: 1, description: "The instance's role; containers have theirs." }),
				),
			}),
		),
		service: Type.String({ default: "s3", description: "The AWS service that requests are signed for." }),
		signature_version: Type.Unsafe<"4">({
			...StringEnum(["4"]),
			...later("4a"),
			default: "4",
			description: "The version of the signature.",
		}),
	},
	{
		additionalProperties: false,
		...later("assume_role_credentials", "web_identity_credentials", "sso_credentials"),
	},
);

const GcpMetadata = Closed({
	audience: Type.Optional(Type.String({ minLength: 1, description: "Asks for an identity token for it." })),
	scopes: Type.Optional(
		Type.Array(Type.String(), { minItems: 1, description: "Asks for an access token with them." }),
	),
	endpoint: Type.String({
		pattern: "^https?://[^\\s]+$",
		default: "http://metadata.google.internal",
		description: "The metadata server.",
	}),
	access_token_path: Type.String({
		default: "/computeMetadata/v1/instance/service-accounts/default/token",
		description: "Where it has access tokens.",
	}),
	identity_token_path: Type.String({
		default: "/computeMetadata/v1/instance/service-accounts/default/identity",
		description: "Where it has identity tokens.",
	}),
});

const AzureManagedIdentity = Closed({
	endpoint: Type.Optional(
		Type.String({
			pattern: "^https?://[^\\s]+$",
			description: "Who gives the token. Default: IDENTITY_ENDPOINT, then the machine's metadata service.",
		}),
	),
	api_version: Type.Optional(
		Type.String({ description: "Default: 2018-02-01, and 2019-08-01 at IDENTITY_ENDPOINT." }),
	),
	resource: Type.String({ default: "https://storage.azure.com/", description: "What the token is for." }),
	object_id: Type.Optional(Type.String({ description: "The identity's object, where there are several." })),
	client_id: Type.Optional(Type.String({ description: "The same by its client." })),
	mi_res_id: Type.Optional(Type.String({ description: "The same by its resource." })),
});

const Credentials = Type.Object(
	{
		bearer: Type.Optional(Bearer),
		oauth2: Type.Optional(OAuth2),
		client_tls: Type.Optional(ClientTls),
		s3_signing: Type.Optional(S3Signing),
		gcp_metadata: Type.Optional(GcpMetadata),
		azure_managed_identity: Type.Optional(AzureManagedIdentity),
	},
	{ additionalProperties: false, ...later("plugin") },
);

const ServerTls = Closed({
	ca_cert: FilePath("PEM file with the authorities to trust for this service, read anew for each request."),
	system_ca_required: Type.Boolean({
		default: false,
		description: "Whether the authorities that Node trusts by itself are trusted as well.",
	}),
});

/** A server of bundles, or a taker of status and decision logs. */
export const Service = Type.Object(
	{
		url: Type.String({
			pattern: "^https?://[^\\s]+$",
			description: "The base URL that resources are paths on.",
		}),
		credentials: Type.Optional(Credentials),
		headers: Type.Optional(
			Type.Unsafe<Readonly<Record<string, string>>>({
				type: "object",
				additionalProperties: { type: "string" },
				description: "Further request headers.",
			}),
		),
		tls: Type.Optional(ServerTls),
		response_header_timeout_seconds: Type.Integer({
			minimum: 1,
			maximum: 600,
			default: 10,
			description: "How long to wait for the answer's headers; a long poll waits its own time besides.",
		}),
	},
	{ additionalProperties: false, ...later("type", "allow_insecure_tls") },
);

export type ServiceConfig = Static<typeof Service>;
export type CredentialsConfig = Static<typeof Credentials>;
export type OAuth2Config = Static<typeof OAuth2>;
export type GcpConfig = Static<typeof GcpMetadata>;
export type AzureConfig = Static<typeof AzureManagedIdentity>;
export type S3SigningConfig = Static<typeof S3Signing>;
