import { randomBytes, randomInt, timingSafeEqual } from "node:crypto";

/** Bytes of a secret: as many as the client's protocol version takes. */
const SECRET_BYTES = { old: 4, new: 32 } as const;

/** What a client needs to cancel what its session does: keys of the gateway's own, never the server's. */
export class CancelKeys<Session> {
	readonly #sessions = new Map<number, { readonly secret: Buffer; readonly session: Session }>();

	/** @param minor of the protocol version 3 that the client speaks */
	issue(session: Session, minor: number): { readonly processId: number; readonly secret: Buffer } {
		let processId = randomInt(1, 2 ** 31 - 1);
		while (this.#sessions.has(processId)) processId = randomInt(1, 2 ** 31 - 1);
		const secret = randomBytes(minor >= 2 ? SECRET_BYTES.new : SECRET_BYTES.old);
		this.#sessions.set(processId, { secret, session });
		return { processId, secret };
	}

	/** The session that the key belongs to; undefined for a wrong one, which the server would not answer either. */
	find(processId: number, secret: Buffer): Session | undefined {
		const held = this.#sessions.get(processId);
		if (held === undefined || held.secret.length !== secret.length) return undefined;
		return timingSafeEqual(held.secret, secret) ? held.session : undefined;
	}

	revoke(processId: number): void {
		this.#sessions.delete(processId);
	}
}
