import { Closed, FilePath, later, type Static, Type } from "../../lib/index.ts";

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

const PostgresListener = Closed({
	address: address("127.0.0.1:15432", "PostgreSQL clients connect"),
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
export type ListenersConfig = Static<typeof ListenersConfig>;
export type ListenerTls = Static<typeof ListenerTls>;
