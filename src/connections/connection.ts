import type { Secret } from "../lib/index.ts";

export const TLS_MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;
export type TlsMode = (typeof TLS_MODES)[number];

/** TLS to the target, in libpq's six modes. The rest are absolute paths of PEM files, read at each connect. */
export interface UpstreamTls {
	readonly mode: TlsMode;
	readonly ca?: string;
	readonly cert?: string;
	readonly key?: string;
}

/** libpq's `target_session_attrs`: what a server has to be for a session. */
export const TARGET_SESSION_ATTRS = [
	"any",
	"read-write",
	"read-only",
	"primary",
	"standby",
	"prefer-standby",
] as const;
export type TargetSessionAttrs = (typeof TARGET_SESSION_ATTRS)[number];

/** What is known of a pooler before the server: nothing, so that it is found out, or its mode. */
export const POOLERS = ["detect", "session", "transaction"] as const;
export type Pooler = (typeof POOLERS)[number];

export interface UpstreamHost {
	/** A host name, an address, or the directory of a Unix socket (starts with `/`). */
	readonly host: string;
	readonly port: number;
}

/** Where to, as whom. */
export interface PostgresUpstream {
	/** Tried in this order; the first that can be reached and is what is asked for is taken. */
	readonly hosts: readonly UpstreamHost[];
	readonly targetSessionAttrs: TargetSessionAttrs;
	/** For each host, from its name's resolution to its first ReadyForQuery. */
	readonly connectTimeoutMs: number;
	readonly pooler: Pooler;
	/** The database of clients that name the connection alone. */
	readonly database: string;
	readonly user: string;
	/** Null where the server asks for none. */
	readonly password: Secret | null;
	readonly tls: UpstreamTls;
}

/** A named upstream with its labels and credentials. Immutable: a change makes a new one. */
export interface Connection {
	readonly name: string;
	readonly type: "postgres";
	readonly labels: Readonly<Record<string, string>>;
	/** Other databases that a client may choose with `NAME/DATABASE`. */
	readonly databases: readonly string[];
	/** Units that one decision about a command may spend; null: as everywhere. */
	readonly decisionBudget: number | null;
	readonly upstream: PostgresUpstream;
}

/** What a client asked for: a connection, and the database on it. */
export interface Target {
	readonly connection: Connection;
	readonly database: string;
}
