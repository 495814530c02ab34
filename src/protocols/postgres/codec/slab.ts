const SLAB_BYTES = 128 * 1024;
/** Slabs that wait to be used again, at most. */
const MAX_SPARE = 16;
/** From here on a call out of the language costs less than a loop. */
const LONG_COPY = 256;
const NOTHING = Buffer.alloc(0);
const NO_VIEW = new DataView(new ArrayBuffer(0));

const spare: { readonly bytes: Buffer; readonly view: DataView }[] = [];

/** Bytes with a view on them, by which several are read or copied at once. */
export interface Viewed {
	readonly bytes: Buffer;
	readonly view: DataView;
}

export function viewed(bytes: Buffer): Viewed {
	return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
}

/**
 * Where what is rewritten on its way is put, one piece behind the other. It takes memory when something is put there
 * and gives it back when that has gone, so that large results need next to none, and sessions that wait none at all.
 */
export class Slab implements Viewed {
	bytes: Buffer = NOTHING;
	view: DataView = NO_VIEW;
	/** Behind the last byte that was written; whoever made room for it moves it on. */
	at = 0;
	#from = 0;

	/** How much was written since the last `take`. */
	get written(): number {
		return this.at - this.#from;
	}

	/** Makes room. What was not yet taken moves along when other memory is needed, so that offsets change. */
	reserve(size: number): void {
		if (this.at + size > this.bytes.length) this.#grow(size);
	}

	/** Appends `from[start, end)`. */
	copy(from: Viewed, start: number, end: number): void {
		this.reserve(end - start);
		copyBytes(from, start, end, this, this.at);
		this.at += end - start;
	}

	/** Appends a few bytes. */
	append(value: Buffer): void {
		this.reserve(value.length);
		const { bytes, at } = this;
		if (value.length >= LONG_COPY) bytes.set(value, at);
		else for (let index = 0; index < value.length; index++) bytes[at + index] = value[index] as number;
		this.at = at + value.length;
	}

	/** Writes a length `offset` bytes behind where the last `take` ended. */
	patchLength(offset: number, length: number): void {
		this.view.setInt32(this.#from + offset, length);
	}

	/** Forgets all but the first `size` bytes of what was written since the last `take`. */
	cut(size: number): void {
		this.at = this.#from + size;
	}

	/** What was written since the last time. It stays as it is until `release`. */
	take(): Buffer {
		const piece = this.bytes.subarray(this.#from, this.at);
		this.#from = this.at;
		return piece;
	}

	/** Nobody holds anything any more of what was taken. */
	release(): void {
		const { bytes, view } = this;
		if (bytes.length === SLAB_BYTES && spare.length < MAX_SPARE) spare.push({ bytes, view });
		this.bytes = NOTHING;
		this.view = NO_VIEW;
		this.#from = this.at = 0;
	}

	#grow(size: number): void {
		const { written } = this;
		const needed = (written + size) * 2;
		const larger =
			(needed <= SLAB_BYTES ? spare.pop() : undefined) ??
			viewed(Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, needed)));
		this.bytes.copy(larger.bytes, 0, this.#from, this.at);
		this.bytes = larger.bytes;
		this.view = larger.view;
		this.#from = 0;
		this.at = written;
	}
}

/** Copies `from[start, end)` to `to[at]`; what is short eight bytes at a time. */
export function copyBytes(from: Viewed, start: number, end: number, to: Viewed, at: number): void {
	if (end - start >= LONG_COPY) {
		from.bytes.copy(to.bytes, at, start, end);
		return;
	}
	const { view: source } = from;
	const { view: target } = to;
	let next = start;
	let place = at;
	for (; next + 8 <= end; next += 8, place += 8)
		target.setBigInt64(place, source.getBigInt64(next, true), true);
	for (; next < end; next++, place++) target.setUint8(place, source.getUint8(next));
}
