import { randomBytes, randomInt, timingSafeEqual } from "node:crypto";

/** Bytes of a secret: as many as the client's protocol version takes. */
const SECRET_BYTES = { old: 4, new: 32 } as const;

export interface CancelKey {
	readonly processId: number;
	readonly secret: Buffer;
}

interface Held<Session> {
	readonly secret: Buffer;
	readonly session: Session;
}

/**
 * What a client needs to cancel what its session does. The secret is the gateway's own, never the server's. The process
 * id is the server's, because drivers know their own notifications by it and people terminate sessions by it; sessions
 * on different servers may have the same.
 */
export class CancelKeys<Session> {
	readonly #sessions = new Map<number, Held<Session>[]>();

	/**
	 * @param minor of the protocol version 3 that the client speaks
	 * @param serversId null where the server gave none
	 */
	issue(session: Session, minor: number, serversId: number | null): CancelKey {
		const processId = serversId ?? randomInt(1, 2 ** 31 - 1);
		const bytes = minor >= 2 ? SECRET_BYTES.new : SECRET_BYTES.old;
		let secret = randomBytes(bytes);
		while (this.find(processId, secret) !== undefined) secret = randomBytes(bytes);
		const sameId = this.#sessions.get(processId);
		if (sameId === undefined) this.#sessions.set(processId, [{ secret, session }]);
		else sameId.push({ secret, session });
		return { processId, secret };
	}

	/** The session that the key belongs to; undefined for a wrong one, which the server would not answer either. */
	find(processId: number, secret: Buffer): Session | undefined {
		const sameId = this.#sessions.get(processId);
		return sameId?.find((held) => isEqual(held.secret, secret))?.session;
	}

	revoke({ processId, secret }: CancelKey): void {
		const left = this.#sessions.get(processId)?.filter((held) => !isEqual(held.secret, secret));
		if (left === undefined) return;
		if (left.length === 0) this.#sessions.delete(processId);
		else this.#sessions.set(processId, left);
	}
}

function isEqual(one: Buffer, other: Buffer): boolean {
	return one.length === other.length && timingSafeEqual(one, other);
}
