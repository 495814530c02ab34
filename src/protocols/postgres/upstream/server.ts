import type { PostgresUpstream, UpstreamHost } from "../../../connections/index.ts";

/** One of an upstream's servers, with all that it takes to get in. */
export interface PostgresServer
	extends UpstreamHost,
		Pick<PostgresUpstream, "database" | "user" | "password" | "tls"> {
	/**
	 * The one address that a session's socket leads to: of a host with several, whoever has to reach the same server (a
	 * cancel, the reading of its catalog) goes there.
	 */
	readonly address?: string;
}

export function serverOf(upstream: PostgresUpstream, { host, port }: UpstreamHost): PostgresServer {
	const { database, user, password, tls } = upstream;
	return { host, port, database, user, password, tls };
}

/** Tells servers of one upstream apart. */
export function serverKey({ host, port, address = "" }: PostgresServer): string {
	return JSON.stringify([host, port, address]);
}
