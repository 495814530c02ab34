import { type Clock, newId } from "../lib/index.ts";
import { IdentityError } from "./errors.ts";
import type { Lock, LockStore } from "./lock-store.ts";
import { keepsOut, type LockTarget, readTarget } from "./lock-target.ts";
import type { Principal } from "./principal.ts";

/** More than these nobody keeps an eye on; each of them is looked at for every session that is opened. */
const MOST = 1_000;

export interface LockRequest {
	readonly target: string;
	readonly message: string;
	/** Milliseconds since the epoch; null for one that stays until it is removed. */
	readonly expiresAt: number | null;
}

/**
 * Who is kept out at once, whatever the policy says: a person or an agent whose credential is in wrong hands, a group,
 * a connection. Open sessions are ended, new ones refused, and to the control plane a locked principal has no access.
 */
export class Locks {
	readonly #store: LockStore;
	readonly #clock: Clock;
	readonly #listeners = new Set<(lock: Lock) => void>();
	#locks: readonly { readonly lock: Lock; readonly target: LockTarget }[];

	/** Throws when the store can't be read: whom it would keep out isn't known then. */
	constructor(store: LockStore, clock: Clock) {
		this.#store = store;
		this.#clock = clock;
		this.#locks = store.list().map(withTarget);
	}

	/** Calls back after each lock that was added; the returned function ends that. */
	onAdded(listener: (lock: Lock) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Those in force, the newest first. */
	list(): Lock[] {
		const now = this.#clock.now();
		return this.#locks.map(({ lock }) => lock).filter((lock) => inForce(lock, now));
	}

	/**
	 * In force when it returns, and the sessions that it concerns are ended. Throws `lock_target_invalid`,
	 * `lock_invalid`, and `lock_own` for one that would keep out whoever makes it, who could not remove it again.
	 */
	add({ target, message, expiresAt }: LockRequest, by: Principal): Lock {
		const now = this.#clock.now();
		const read = readTarget(target);
		if (expiresAt !== null && !(Number.isSafeInteger(expiresAt) && expiresAt > now))
			throw new IdentityError("lock_invalid", "The lock's expiry has to lie in the future.");
		if (keepsOut(read, by, null)) throw new IdentityError("lock_own");
		this.#forgetExpired(now);
		if (this.#locks.length >= MOST)
			throw new IdentityError("lock_invalid", `There are ${MOST} locks already.`);
		const createdBy = `${by.provider}/${by.subject}`;
		const lock: Lock = { id: newId(now), target, message, createdAt: now, createdBy, expiresAt };
		this.#store.insert(lock);
		this.#locks = [{ lock, target: read }, ...this.#locks];
		for (const listener of this.#listeners) listener(lock);
		return lock;
	}

	/** Throws `lock_unknown`. */
	remove(id: string): void {
		if (!this.#store.remove(id)) throw new IdentityError("lock_unknown");
		this.#locks = this.#locks.filter(({ lock }) => lock.id !== id);
	}

	/** The lock that keeps this principal out, on this connection or (null) in general. */
	find(principal: Principal, connection: string | null): Lock | undefined {
		if (this.#locks.length === 0) return undefined;
		const now = this.#clock.now();
		return this.#locks.find(
			({ lock, target }) => inForce(lock, now) && keepsOut(target, principal, connection),
		)?.lock;
	}

	/** Throws `locked` with the lock's own message. */
	assertOpen(principal: Principal, connection: string | null): void {
		const lock = this.find(principal, connection);
		if (lock !== undefined) throw new IdentityError("locked", `locked: ${lock.message}`);
	}

	#forgetExpired(now: number): void {
		for (const { lock } of this.#locks) if (!inForce(lock, now)) this.#store.remove(lock.id);
		this.#locks = this.#locks.filter(({ lock }) => inForce(lock, now));
	}
}

const inForce = ({ expiresAt }: Lock, now: number): boolean => expiresAt === null || expiresAt > now;

function withTarget(lock: Lock): { readonly lock: Lock; readonly target: LockTarget } {
	return { lock, target: readTarget(lock.target) };
}
