import { Closed, DirectoryPath, FilePath, later, type Static, StringEnum, Type } from "../../lib/index.ts";

const ListenerTls = Closed({
	cert: FilePath("PEM file with the certificate chain, the listener's own certificate first."),
	key: FilePath("PEM file with the certificate's private key."),
});

const ADDRESS = "^(\\[[0-9A-Fa-f:.]+\\]|[^:\\[\\]\\s]+):\\d{1,5}$";

const address = (standard: string, purpose: string) =>
	Type.String({
		pattern: ADDRESS,
		default: standard,
		description: `\`HOST:PORT\` where ${purpose}; port 0 takes a free one. An IPv6 address stands in brackets.`,
	});

const ControlListener = Closed({
	address: address("127.0.0.1:8080", "the API, the bundle server and the metrics are served"),
	tls: Type.Optional(ListenerTls),
	public_url: Type.Optional(
		Type.String({
			pattern: "^https?://[^\\s]+$",
			description:
				"What people open to reach this listener, where that is another URL than the address: it stands in " +
				"the notice that leads to an approval.",
		}),
	),
});

const Oauth = Closed({
	provider: Type.String({
		minLength: 1,
		description: "The provider of `identity.providers` whose issuer clients without a token are led to.",
	}),
	scope: Type.String({
		pattern: '^[^\\s"\\\\]+( [^\\s"\\\\]+)*$',
		default: "openid",
		description: "What they are to ask the issuer for.",
	}),
	users: Type.Unsafe<string[]>({
		type: "array",
		items: { type: "string", minLength: 1 },
		default: ["oauth"],
		description: "Users who are asked for their token by OAUTHBEARER; all others are asked for a password.",
	}),
});

const PostgresListener = Closed({
	address: address("127.0.0.1:15432", "PostgreSQL clients connect"),
	path: Type.Optional(
		DirectoryPath(
			"Directory in which a Unix socket is offered besides, `.s.PGSQL.PORT` as PostgreSQL's own: clients give the " +
				"directory as their host, and the port of `address`. There is no TLS on it.",
		),
	),
	permissions: Type.Unsafe<"0700" | "0770" | "0777">({
		...StringEnum(["0700", "0770", "0777"]),
		default: "0700",
		description: "Who may connect to that socket: the gateway's own user, its group too, or anybody here.",
	}),
	oauth: Type.Optional(Oauth),
	tls: Type.Optional(ListenerTls),
});

/** Where the gateway listens. A listener that isn't on loopback needs `tls`: tokens are its passwords. */
export const ListenersConfig = Type.Object(
	{
		control: Type.Unsafe<Static<typeof ControlListener>>({ ...ControlListener, default: {} }),
		postgres: Type.Unsafe<Static<typeof PostgresListener>>({ ...PostgresListener, default: {} }),
	},
	{ additionalProperties: false, default: {}, ...later("mysql", "ssh", "kubernetes") },
);
export type ListenersConfig = Omit<Static<typeof ListenersConfig>, "postgres"> & {
	/** Null where there is nothing to connect to: a bundle server that stands alone. */
	readonly postgres: Static<typeof PostgresListener> | null;
};
export type ListenerTls = Static<typeof ListenerTls>;
