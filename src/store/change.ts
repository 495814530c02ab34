import { describeThrown } from "../lib/index.ts";
import { StoreError } from "./errors.ts";

/** BUSY, LOCKED, READONLY, IOERR, FULL and CANTOPEN: not the statement is wrong but the file or its disk. */
const CANNOT_WRITE = new Set([5, 6, 8, 10, 13, 14]);

/**
 * Makes a change to the store. Throws `store_unwritable` where SQLite can't: its disk is full, or another process
 * keeps the file locked.
 */
export function change<T>(work: () => T): T {
	try {
		return work();
	} catch (error) {
		const { errcode } = error as { errcode?: number };
		if (errcode === undefined || !CANNOT_WRITE.has(errcode & 0xff)) throw error;
		throw new StoreError("store_unwritable", undefined, { operator: describeThrown(error), cause: error });
	}
}
