import {
	type Address,
	fromInteger,
	lastOf,
	maskOf,
	maskTo,
	type Network,
	to4,
	to16,
	toInteger,
} from "./address.ts";

/** A run of addresses as integers of 128 bits, IPv4 in its mapped form, with the network that it came from. */
interface Range {
	first: bigint;
	last: bigint;
	network: Network | undefined;
}

const V4_FIRST = 0xffff_0000_0000n;
const V4_LAST = 0xffff_ffff_ffffn;

/**
 * The fewest networks that cover the same addresses: duplicates and networks within others go, neighbours join. What
 * joined nothing comes out as it was.
 */
export function mergeNetworks(networks: readonly Network[]): Network[] {
	const ranges = networks.map(
		(network): Range => ({
			first: wide(maskTo(network.address, network.mask).address),
			last: wide(lastOf(network)),
			network,
		}),
	);
	ranges.sort((a, b) => order(a.last, b.last) || order(a.first, b.first));
	const merged: Range[] = [];
	for (const range of ranges.reverse()) {
		const next = merged.at(-1);
		if (next !== undefined && previous(next.first) <= range.last) {
			if (range.first < next.first) next.first = range.first;
			next.network = undefined;
		} else merged.push(range);
	}
	return merged.reverse().flatMap((range) => (range.network === undefined ? split(range) : [range.network]));
}

function wide(address: Address): bigint {
	return toInteger(to16(address));
}

function order(a: bigint, b: bigint): number {
	return a < b ? -1 : Number(a > b);
}

/** The address before, of the same family: the first of each has none. */
function previous(address: bigint): bigint {
	return address === 0n || address === V4_FIRST ? address : address - 1n;
}

/** Networks that together are exactly the range, each as large as its alignment allows. */
function split({ first, last }: Range): Network[] {
	const isV4 = first >= V4_FIRST && first <= V4_LAST;
	const length = isV4 ? 4 : 16;
	const networks: Network[] = [];
	for (let at = first; at <= last; ) {
		let free = 0;
		while (
			free < length * 8 &&
			at % (1n << BigInt(free + 1)) === 0n &&
			at + (1n << BigInt(free + 1)) - 1n <= last
		)
			free++;
		const address = fromInteger(at, 16);
		networks.push(maskTo((isV4 ? to4(address) : undefined) ?? address, maskOf(length * 8 - free, length)));
		at += 1n << BigInt(free);
	}
	return networks;
}
