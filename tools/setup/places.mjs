/** Where things are: the checkout, and what is kept for this user between checkouts. */
import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout (or the installed package). */
export const ROOT = resolve(fileURLToPath(import.meta.url), "..", "..", "..");

/** A directory of this user's cache, `$XDG_CACHE_HOME/sallyport/...`. It may not exist yet. */
export function cache(...names) {
	return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "sallyport", ...names);
}

/** A short name for this checkout, unlike that of any other. */
export const CHECKOUT_ID = createHash("sha256").update(ROOT).digest("hex").slice(0, 16);
