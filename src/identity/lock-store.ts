/** A lock as it is stored. */
export interface Lock {
	readonly id: string;
	/** `user:PROVIDER/SUBJECT`, `group:PROVIDER/NAME` (a provider `*` is any) or `connection:NAME`. */
	readonly target: string;
	/** What those who are kept out are told. */
	readonly message: string;
	/** Milliseconds since the epoch, as the one below. */
	readonly createdAt: number;
	/** `PROVIDER/SUBJECT`. */
	readonly createdBy: string;
	/** Null: until it is removed. */
	readonly expiresAt: number | null;
}

/** Where locks are kept; implemented in `src/store`. Throws when the store can't be read or written. */
export interface LockStore {
	insert(lock: Lock): void;
	/** The newest first. */
	list(): Lock[];
	/** False when there was none. */
	remove(id: string): boolean;
}
