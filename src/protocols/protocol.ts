import type { AnalysedCommand, ProtocolName } from "../commands/index.ts";
import type { Connection } from "../connections/index.ts";
import type { Authoriser, Gate } from "../gate/index.ts";

/** A bound listener of one protocol. */
export interface Listener {
	/** Where it listens: `127.0.0.1:15432`. */
	readonly address: string;
	readonly port: number;
	/** The Unix socket on which it listens besides; null for none. */
	readonly socketPath: string | null;
	readonly tls: boolean;
	/** The connections were read anew: what is shared for those that are gone can go when nobody uses it. */
	connectionsChanged(connections: readonly Connection[]): void;
	/** No new connections from here on. */
	refuseNew(): void;
	/** Ends what is left. */
	close(): Promise<void>;
}

/** What the sessions of every protocol ask. */
export interface GateDoor {
	readonly gate: Gate;
	readonly authoriser: Authoriser;
}

/** One protocol: how it listens, and how it reads a command for those who only want to know what would happen. */
export interface Protocol<Config> {
	readonly name: ProtocolName;
	/** What it can do between a decision and its answer; a decision that needs more is a denial. */
	readonly can: { readonly prompt: boolean; readonly hold: boolean; readonly rewriteResults: boolean };
	bind(config: Config, door: GateDoor): Promise<Listener & Analyses>;
}

export interface Analyses {
	/** As a fresh session on that connection would read it; for eval, explain and impact. */
	analyse(text: string, connection: Connection): Promise<AnalysedCommand>;
}
