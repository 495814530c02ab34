/** Puts an escape before the bytes that need one. */
export class Escaping {
	readonly #escape: number;
	/** What stands behind the escape for a byte; 0 for one that needs none. */
	readonly #written = new Uint8Array(256);

	/** @param written each byte that needs it, and what is written behind the escape for it */
	constructor(escapeBy: number, written: Iterable<readonly [byte: number, written: number]>) {
		this.#escape = escapeBy;
		for (const [byte, as] of written) this.#written[byte] = as;
	}

	/** The value itself where nothing in it needs an escape. */
	of(value: Buffer): Buffer {
		let escapes = 0;
		for (const byte of value) if (this.#written[byte] !== 0) escapes++;
		if (escapes === 0) return value;
		const escaped = Buffer.allocUnsafe(value.length + escapes);
		let at = 0;
		for (const byte of value) {
			const written = this.#written[byte] as number;
			if (written !== 0) escaped[at++] = this.#escape;
			escaped[at++] = written === 0 ? byte : written;
		}
		return escaped;
	}
}
