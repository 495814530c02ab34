import { createHash, pbkdf2 } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify(pbkdf2);

const KEY_BYTES = 32;
/** Passwords times servers that may be in use at once; beyond it the oldest is derived anew. */
const MAX_KEPT = 256;

const kept = new Map<string, Promise<Buffer>>();

/**
 * SCRAM's SaltedPassword. It takes thousands of hashes, milliseconds of work, and is the same as long as the server
 * keeps the salt; a client may keep it for that (RFC 5802, 5.1). It is kept under a digest of what it is made of, so
 * that another password, salt or count is another entry, and the password itself is not.
 */
export function saltedPassword(password: string, salt: Buffer, iterations: number): Promise<Buffer> {
	const key = createHash("sha256")
		.update(`${iterations} ${salt.toString("base64")} ${password}`)
		.digest("hex");
	let salted = kept.get(key);
	if (salted === undefined) {
		salted = derive(password, salt, iterations, KEY_BYTES, "sha256");
		kept.set(key, salted);
		const [oldest] = kept.keys();
		if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
	}
	return salted;
}
