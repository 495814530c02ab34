import type { Principal } from "./principal.ts";

/** What a principal proved itself with. */
export interface Credential {
	/** A stable name for revocation and the record; never the token, nor anything that it could be guessed from. */
	readonly id: string;
	readonly kind: "static" | "api" | "jwt";
	/** Milliseconds since the epoch; null when it doesn't expire (static tokens). */
	readonly expiresAt: number | null;
	/** Whether its provider is marked `approvers: true`, so that its groups count for approvals. */
	readonly mayApprove: boolean;
}

export interface Identity {
	readonly principal: Principal;
	readonly credential: Credential;
}

/** Where a token came from; whoever accepted the connection says whether that is this machine. */
export interface Peer {
	readonly address: string;
	readonly loopback: boolean;
}
