import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MaskingError } from "./errors.ts";
import { hmac } from "./values/digest.ts";
import { tokenValue } from "./values/tokens.ts";

const KEY_BYTES = 32;

/** The keys of digests and tokens: one for each connection, all from one secret that only the gateway's user may read. */
export class MaskKeys {
	readonly #secret: Buffer;
	readonly #keys = new Map<string, Buffer>();

	constructor(secret: Buffer) {
		this.#secret = secret;
	}

	/** Reads `mask.key` from the directory of keys, or makes it (0600). Throws MaskingError `mask_key_unusable`. */
	static open(directory: string): MaskKeys {
		const path = join(directory, "mask.key");
		try {
			mkdirSync(directory, { recursive: true, mode: 0o700 });
			makeOnce(path);
			if ((statSync(path).mode & 0o077) !== 0) throw new Error("others than its owner may read it");
			const secret = Buffer.from(readFileSync(path, "utf8").trim(), "base64");
			if (secret.length !== KEY_BYTES) throw new Error(`it does not hold ${KEY_BYTES} bytes in base64`);
			return new MaskKeys(secret);
		} catch (error) {
			const operator = `${path}: ${String(error)}`;
			throw new MaskingError("mask_key_unusable", undefined, { operator, cause: error });
		}
	}

	/** The key of a connection, by its name. */
	of(connection: string): Buffer {
		let key = this.#keys.get(connection);
		if (key === undefined) {
			key = hmac(this.#secret, Buffer.from(`connection ${connection}`));
			this.#keys.set(connection, key);
		}
		return key;
	}

	/** The text that a token of the connection stands for; null for what is none of its tokens. */
	reveal(connection: string, token: string): string | null {
		return tokenValue(token, this.of(connection))?.toString("utf8") ?? null;
	}
}

/** Written whole or not at all, and never over a key that another process made meanwhile. */
function makeOnce(path: string): void {
	const draft = `${path}.${process.pid}.new`;
	writeFileSync(draft, `${randomBytes(KEY_BYTES).toString("base64")}\n`, { mode: 0o600, flush: true });
	try {
		linkSync(draft, path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
	} finally {
		unlinkSync(draft);
	}
}
