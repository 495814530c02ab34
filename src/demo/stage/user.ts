import { statSync } from "node:fs";
import { dirname } from "node:path";

/** PostgreSQL refuses to run as root; as root its programs are run as `nobody`. */
const NOBODY = 65_534;
export const isRoot = process.getuid?.() === 0;
export const databaseUser: { uid?: number; gid?: number } = isRoot ? { uid: NOBODY, gid: NOBODY } : {};

/** Whether everybody may pass through every directory on the way to what a directory holds. */
export function openToAll(directory: string): boolean {
	for (let each = directory; ; each = dirname(each)) {
		if ((statSync(each).mode & 0o001) === 0) return false;
		if (each === dirname(each)) return true;
	}
}
