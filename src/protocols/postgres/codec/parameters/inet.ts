const IPV4 = 2;
const IPV6 = 3;

/** Family, prefix length, whether it is a cidr, size of the address, address. */
export function inetText(value: Buffer, cidr: boolean): string {
	const family = value.readUInt8(0);
	const bits = value.readUInt8(1);
	const size = value.readUInt8(3);
	const address = value.subarray(4);
	const expected = family === IPV4 ? 4 : family === IPV6 ? 16 : -1;
	if (size !== expected || address.length !== size || bits > size * 8) throw new RangeError("inet");
	const text = family === IPV4 ? address.join(".") : ipv6Text(address);
	return bits === size * 8 && !cidr ? text : `${text}/${bits}`;
}

function ipv6Text(address: Buffer): string {
	const words = Array.from({ length: 8 }, (_, index) => address.readUInt16BE(index * 2));
	const run = longestZeroRun(words);
	if (run.start === 0 && (run.length === 6 || (run.length === 5 && words[5] === 0xffff))) {
		const head = run.length === 6 ? "::" : "::ffff:";
		return head + address.subarray(12).join(".");
	}
	const hex = words.map((word) => word.toString(16));
	if (run.length < 2) return hex.join(":");
	return `${hex.slice(0, run.start).join(":")}::${hex.slice(run.start + run.length).join(":")}`;
}

function longestZeroRun(words: readonly number[]): { start: number; length: number } {
	let best = { start: -1, length: 0 };
	let start = 0;
	for (let at = 0; at <= words.length; at++) {
		if (words[at] === 0) continue;
		if (at - start > best.length) best = { start, length: at - start };
		start = at + 1;
	}
	return best;
}
