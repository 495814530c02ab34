import { isLoopback } from "../lib/index.ts";
import { splitAddress } from "./address.ts";
import { policyProblems } from "./policy-rules.ts";
import type { RuleProblem } from "./rule-problem.ts";
import type { Config } from "./schema.ts";

/** What has to hold between the sections. */
export function checkRules(config: Config): RuleProblem[] {
	return [
		...listenerProblems(config),
		...sharedAddress(config),
		...socketProblems(config),
		...oauthProblems(config),
		...staticTokenProblems(config),
		...hostProblems(config),
		...duplicateNames(config.connections, "connections", "connection"),
		...duplicateNames(config.identity.providers, "identity.providers", "provider"),
		...reservedProviders(config),
		...policyProblems(config),
	];
}

/** Whether nobody but this machine reaches any listener. */
export function allLoopback(config: Config): boolean {
	return listeners(config).every(([, listener]) => {
		const address = splitAddress(listener.address);
		return address !== undefined && isLoopback(address.host);
	});
}

const listeners = (config: Config) => [
	["control", config.listeners.control] as const,
	...(config.listeners.postgres === null ? [] : [["postgres", config.listeners.postgres] as const]),
];

function listenerProblems(config: Config): RuleProblem[] {
	return listeners(config).flatMap(([name, listener]): RuleProblem[] => {
		const address = splitAddress(listener.address);
		const path = ["listeners", name, "address"];
		if (address === undefined) {
			return [
				{ path, message: `The port of ${listener.address} is out of range.`, remedy: "Use 0 to 65535." },
			];
		}
		if (listener.tls !== undefined || isLoopback(address.host)) return [];
		return [
			{
				path,
				message: `${listener.address} is not on loopback and has no TLS: tokens would cross the network in clear.`,
				remedy: `Add listeners.${name}.tls with cert and key, or listen on 127.0.0.1.`,
			},
		];
	});
}

/** Port 0 is a free one, another for each. */
function sharedAddress({ listeners: { control, postgres } }: Config): RuleProblem[] {
	if (postgres?.address !== control.address || splitAddress(control.address)?.port === 0) return [];
	return [
		{
			path: ["listeners", "postgres", "address"],
			message: `${control.address} is the control listener's address as well.`,
			remedy: "Give each listener a port of its own.",
		},
	];
}

/** What the system's own address of a Unix socket can hold (`sun_path` of Linux, without its terminator). */
const MAX_SOCKET_PATH_BYTES = 107;

function socketProblems({ listeners: { postgres }, connections }: Config): RuleProblem[] {
	const tooLong = (directory: string | undefined) =>
		directory?.startsWith("/") === true &&
		Buffer.byteLength(`${directory}/.s.PGSQL.65535`) > MAX_SOCKET_PATH_BYTES;
	const problem = (path: RuleProblem["path"]): RuleProblem => ({
		path,
		message: "The path of a Unix socket in this directory would be too long.",
		remedy: `Use a shorter one: with the socket's name it may have ${MAX_SOCKET_PATH_BYTES} bytes.`,
	});
	return [
		...(tooLong(postgres?.path) ? [problem(["listeners", "postgres", "path"])] : []),
		...connections.flatMap(({ upstream: { host, hosts = [] } }, index) => [
			...(tooLong(host) ? [problem(["connections", index, "upstream", "host"])] : []),
			...hosts.flatMap((one, at) =>
				tooLong(one.host) ? [problem(["connections", index, "upstream", "hosts", at, "host"])] : [],
			),
		]),
	];
}

function oauthProblems({ listeners: { postgres }, identity }: Config): RuleProblem[] {
	const provider = postgres?.oauth?.provider;
	if (provider === undefined || identity.providers.some(({ name }) => name === provider)) return [];
	return [
		{
			path: ["listeners", "postgres", "oauth", "provider"],
			message: `There is no provider \`${provider}\`.`,
			remedy: "Name one of `identity.providers`.",
		},
	];
}

function hostProblems({ connections }: Config): RuleProblem[] {
	return connections.flatMap(({ upstream: { host, hosts } }, index): RuleProblem[] => {
		if ((host === undefined) !== (hosts === undefined)) return [];
		return [
			{
				path: ["connections", index, "upstream"],
				message: `The upstream has ${host === undefined ? "neither `host` nor `hosts`" : "both `host` and `hosts`"}.`,
				remedy: "Give `host` and `port` for one server, or `hosts` for several.",
			},
		];
	});
}

function staticTokenProblems(config: Config): RuleProblem[] {
	if (config.identity.static_tokens.length === 0 || allLoopback(config)) return [];
	return [
		{
			path: ["identity", "static_tokens"],
			message: "Static tokens are for development: they are refused unless every listener is on loopback.",
			remedy: "Use `sallyport token create` or a provider of type jwt.",
		},
	];
}

function duplicateNames(list: readonly { name: string }[], section: string, what: string): RuleProblem[] {
	return list.flatMap(({ name }, index): RuleProblem[] => {
		if (list.findIndex((other) => other.name === name) === index) return [];
		return [
			{
				path: [...section.split("."), index, "name"],
				message: `There already is a ${what} with the name \`${name}\`.`,
				remedy: "Names are unique; choose another one.",
			},
		];
	});
}

/** Names of the providers that the gateway brings itself: groups of theirs must not be claimed by an issuer. */
const OWN_PROVIDERS = ["static", "api", "sallyport"];

function reservedProviders(config: Config): RuleProblem[] {
	return config.identity.providers.flatMap(({ name }, index): RuleProblem[] =>
		OWN_PROVIDERS.includes(name)
			? [
					{
						path: ["identity", "providers", index, "name"],
						message: `\`${name}\` is the name of a provider that the gateway has itself.`,
						remedy: "Choose another name.",
					},
				]
			: [],
	);
}
