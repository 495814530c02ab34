import {
	Closed,
	Duration,
	FilePath,
	later,
	Nullable,
	type Secret,
	SecretValue,
	type Static,
	StringEnum,
	Type,
} from "../lib/index.ts";
import {
	POOLERS,
	type Pooler,
	TARGET_SESSION_ATTRS,
	type TargetSessionAttrs,
	TLS_MODES,
	type TlsMode,
} from "./connection.ts";

const UpstreamTlsConfig = Closed({
	mode: Type.Optional(
		Type.Unsafe<TlsMode>({
			...StringEnum(TLS_MODES),
			description:
				"libpq's `sslmode`. Without it: `prefer` where the host is on loopback or a socket's directory, " +
				"`verify-full` elsewhere.",
		}),
	),
	ca: Type.Optional(FilePath("PEM file with the authorities to trust, in place of the system's.")),
	cert: Type.Optional(FilePath("PEM file with the gateway's own certificate.")),
	key: Type.Optional(FilePath("PEM file with that certificate's private key.")),
});

const Host = (description: string) => Type.String({ minLength: 1, description });
const Port = (description: string) =>
	Type.Integer({ minimum: 1, maximum: 65_535, default: 5432, description });

const UpstreamHostConfig = Closed({
	host: Host("As `host`."),
	port: Port("Its port."),
});

const PostgresUpstreamConfig = Closed({
	host: Type.Optional(Host("Host name, address, or a socket's directory (starts with `/`).")),
	port: Port("The port of `host`."),
	hosts: Type.Optional(
		Type.Unsafe<Static<typeof UpstreamHostConfig>[]>({
			type: "array",
			items: UpstreamHostConfig,
			minItems: 1,
			description:
				"In place of `host`, where there are standbys: each session goes to the first that can be reached and is " +
				"what `target_session_attrs` asks for.",
		}),
	),
	target_session_attrs: Type.Unsafe<TargetSessionAttrs>({
		...StringEnum(TARGET_SESSION_ATTRS),
		default: "any",
		description: "What a server has to be for a session, as in libpq.",
	}),
	pooler: Type.Unsafe<Pooler>({
		...StringEnum(POOLERS),
		default: "detect",
		description:
			"`detect`: where a pooler (PgBouncer) stands before the server, whether it is in session mode is found out with " +
			"two connections; in another mode sessions are refused. `session`: it is, and nobody needs to look. " +
			"`transaction`: each transaction begins with the session's settings, and what would outlive it is refused.",
	}),
	connect_timeout: Duration("How long one host may take to let the gateway in.", "10s"),
	database: Type.String({ minLength: 1, description: "The database to connect to." }),
	user: Type.String({ minLength: 1, description: "The role to connect as." }),
	password: Type.Unsafe<Secret | null>({
		...Nullable(SecretValue("The role's password.")),
		"x-form": "secret",
		default: null,
		description: "The role's password; null where the server asks for none.",
	}),
	tls: Type.Unsafe<Static<typeof UpstreamTlsConfig>>({ ...UpstreamTlsConfig, default: {} }),
});

const PostgresConnectionConfig = Closed({
	name: Type.String({
		pattern: "^[a-z0-9][a-z0-9._-]{0,62}$",
		description: "What clients ask for, unique over all types: lower case letters, digits, `.`, `_`, `-`.",
	}),
	type: Type.Unsafe<"postgres">({
		...StringEnum(["postgres"]),
		...later("mysql", "ssh", "kubernetes"),
		description: "The protocol.",
	}),
	labels: Type.Unsafe<Record<string, string>>({
		type: "object",
		additionalProperties: { type: "string" },
		default: {},
		description: "What policies tell connections apart by.",
	}),
	databases: Type.Unsafe<string[]>({
		type: "array",
		items: { type: "string", minLength: 1 },
		default: [],
		description: "Other databases that a client may choose with `NAME/DATABASE`.",
	}),
	decision_budget: Type.Optional(
		Type.Integer({
			minimum: 10_000,
			maximum: 1_000_000_000,
			description: "In place of `limits.decision_budget` for commands on this connection.",
		}),
	),
	upstream: PostgresUpstreamConfig,
});
export type ConnectionConfig = Static<typeof PostgresConnectionConfig>;

/** The section `connections` of `sallyport.yaml`: the registered upstreams. */
export const ConnectionsConfig = Type.Unsafe<ConnectionConfig[]>({
	type: "array",
	items: PostgresConnectionConfig,
	default: [],
	description: "The upstreams that clients reach through the gateway.",
});
export type ConnectionsConfig = Static<typeof ConnectionsConfig>;
