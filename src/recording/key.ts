import {
	createPrivateKey,
	createPublicKey,
	generateKeyPairSync,
	hash,
	hkdfSync,
	type KeyObject,
	sign,
	verify,
} from "node:crypto";
import {
	chmodSync,
	existsSync,
	linkSync,
	mkdirSync,
	readFileSync,
	statSync,
	unlinkSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { RecordingError } from "./errors.ts";
import { signedMessage } from "./format.ts";

/** The Ed25519 key that signs the record. Only the gateway's own user may read it. */
export class SigningKey {
	/** PEM, to be kept by whoever verifies, away from this machine. */
	readonly publicPem: string;
	/** The same as base64 of its DER form, as the headers of the files carry it. */
	readonly publicBase64: string;
	/** Names the key in messages: the first 16 hexadecimal digits of the SHA-256 of its DER form. */
	readonly id: string;
	/** Keys the digests of what the record withholds. */
	readonly digestKey: Buffer;
	/** True when it was made just now. */
	readonly fresh: boolean;
	readonly #private: KeyObject;

	private constructor(privateKey: KeyObject, fresh: boolean) {
		this.#private = privateKey;
		this.fresh = fresh;
		const publicKey = createPublicKey(privateKey);
		this.publicPem = publicKey.export({ type: "spki", format: "pem" }).toString();
		const der = publicKey.export({ type: "spki", format: "der" });
		this.publicBase64 = der.toString("base64");
		this.id = keyId(der);
		const seed = privateKey.export({ type: "pkcs8", format: "der" });
		this.digestKey = Buffer.from(hkdfSync("sha256", seed, "", "sallyport record digests", 32));
	}

	/**
	 * Reads `record.key` from the directory of keys, or makes it (0600) with `record.pub` beside it. Throws
	 * `record_key_unusable` when it can't be read, isn't an Ed25519 key, or others may read it.
	 */
	static open(directory: string): SigningKey {
		const path = join(directory, "record.key");
		try {
			mkdirSync(directory, { recursive: true, mode: 0o700 });
			const fresh = !existsSync(path);
			if (fresh) makeKey(path);
			if ((statSync(path).mode & 0o077) !== 0) throw new Error("others than its owner may read it");
			const privateKey = createPrivateKey(readFileSync(path));
			if (privateKey.asymmetricKeyType !== "ed25519") throw new Error("it is not an Ed25519 key");
			const key = new SigningKey(privateKey, fresh);
			writePublicKey(join(directory, "record.pub"), key.publicPem);
			return key;
		} catch (error) {
			throw new RecordingError("record_key_unusable", undefined, {
				operator: `${path}: ${String(error)}`,
				cause: error,
			});
		}
	}

	/** The signature of a line with this hash, in base64. */
	sign(lineHash: string): string {
		return sign(null, signedMessage(lineHash), this.#private).toString("base64");
	}
}

/** Reads a public key: PEM, or base64 of its DER form. Throws `record_key_unusable` for anything else. */
export function readPublicKey(text: string): KeyObject {
	try {
		const key = text.includes("-----BEGIN")
			? createPublicKey(text)
			: createPublicKey({ key: Buffer.from(text.trim(), "base64"), format: "der", type: "spki" });
		if (key.asymmetricKeyType !== "ed25519") throw new Error("it is not an Ed25519 key");
		return key;
	} catch (error) {
		throw new RecordingError("record_key_unusable", "this is not the public key of a record", {
			remedy: "give the contents of data_dir/keys/record.pub, as it was kept away from the gateway's machine",
			cause: error,
		});
	}
}

/** Whether the signature is the key's own over a line with this hash, in the one form that base64 gives it. */
export function isSignedBy(key: KeyObject, lineHash: string, signature: string): boolean {
	const bytes = Buffer.from(signature, "base64");
	return bytes.toString("base64") === signature && verify(null, signedMessage(lineHash), key, bytes);
}

/** Names a public key in messages. */
export function publicKeyId(key: KeyObject): string {
	return keyId(key.export({ type: "spki", format: "der" }));
}

function keyId(der: Buffer): string {
	return hash("sha256", der).slice(0, 16);
}

/** Written whole or not at all, and never over a key that another process made meanwhile. */
function makeKey(path: string): void {
	const { privateKey } = generateKeyPairSync("ed25519");
	const draft = `${path}.${process.pid}.new`;
	writeFileSync(draft, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600, flush: true });
	try {
		linkSync(draft, path);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
	} finally {
		unlinkSync(draft);
	}
}

function writePublicKey(path: string, pem: string): void {
	if (existsSync(path) && readFileSync(path, "utf8") === pem) return;
	writeFileSync(path, pem, { mode: 0o644 });
	chmodSync(path, 0o644);
}
