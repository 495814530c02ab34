import type { Config } from "../config/index.ts";
import { splitAddress } from "../config/index.ts";
import type { ConnectionRegistry } from "../connections/index.ts";
import type { Log } from "../lib/index.ts";
import type { MaskKeys } from "../masking/index.ts";
import {
	type Analyses,
	type GateDoor,
	type Listener,
	type PostgresListenerConfig,
	postgres,
} from "../protocols/index.ts";
import { readTls } from "./tls.ts";

/** Binds the PostgreSQL listener; null where the configuration has none. Rejects when its address can't be had. */
export async function bindListener(
	config: Config,
	connections: ConnectionRegistry,
	maskKeys: MaskKeys,
	log: Log,
	door: GateDoor,
): Promise<(Listener & Analyses) | null> {
	const own = config.listeners.postgres;
	if (own === null) return null;
	const { limits } = config;
	return postgres.bind(
		{
			...addressOf(own.address),
			local:
				own.path === undefined
					? null
					: { directory: own.path, permissions: Number.parseInt(own.permissions, 8) },
			oauth: oauthOffer(own, config.identity),
			tls: readTls(own.tls),
			connections,
			log,
			limits: {
				handshakes: limits.handshakes,
				handshakeTimeoutMs: limits.handshake_timeout,
				messageBytes: limits.message_bytes,
				serverMessageBytes: limits.server_message_bytes,
				waitingBytes: limits.waiting_bytes,
				heldBytes: limits.held_bytes,
				statementsPerSession: limits.statements_per_session,
				portalsPerSession: limits.portals_per_session,
			},
			grammar: {
				maxBytes: limits.sql_bytes,
				maxNesting: limits.sql_depth,
				timeoutMs: limits.parse_timeout,
				cacheBytes: limits.parse_cache_bytes,
			},
			analysisTimeoutMs: limits.analysis_timeout,
			staleBoundMs: limits.schema_staleness,
			maskKeys,
		},
		door,
	);
}

/** Checked by the configuration's schema. */
export function addressOf(address: string): { host: string; port: number } {
	const split = splitAddress(address);
	if (split === undefined) throw new Error(`not an address: ${address}`);
	return split;
}

function oauthOffer(
	{ oauth }: NonNullable<Config["listeners"]["postgres"]>,
	identity: Config["identity"],
): PostgresListenerConfig["oauth"] {
	const provider = identity.providers.find(({ name }) => name === oauth?.provider);
	if (oauth === undefined || provider === undefined) return null;
	return { issuer: provider.issuer, scope: oauth.scope, users: new Set(oauth.users) };
}
