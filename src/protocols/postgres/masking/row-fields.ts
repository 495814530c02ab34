/** Where the values of a row lie: a count, then each with its length before it, as in DataRow and in binary COPY. */
export class RowFields {
	/** By column: the first byte of the value, and how many there are; -1 is NULL. */
	readonly starts: Int32Array;
	readonly sizes: Int32Array;

	constructor(columns: number) {
		this.starts = new Int32Array(columns);
		this.sizes = new Int32Array(columns);
	}

	/** False where no row of so many columns fills `view[start, end)`. */
	read(view: DataView, start: number, end: number): boolean {
		const { starts, sizes } = this;
		if (start + 2 > end || view.getUint16(start) !== sizes.length) return false;
		let at = start + 2;
		for (let column = 0; column < sizes.length; column++) {
			if (at + 4 > end) return false;
			const size = view.getInt32(at);
			at += 4;
			if (size < -1 || size > end - at) return false;
			starts[column] = at;
			sizes[column] = size;
			if (size > 0) at += size;
		}
		return at === end;
	}
}
