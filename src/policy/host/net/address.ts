/** An IP address as Go's net package holds one: 4 or 16 bytes. */
export type Address = readonly number[];

/** An address with as many bytes in the mask; the address is the network's first. */
export interface Network {
	readonly address: Address;
	readonly mask: readonly number[];
}

const V4_IN_V6: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255];

/** Four bytes when the address is, or stands for, one of IPv4. */
export function to4(address: Address): Address | undefined {
	if (address.length === 4) return address;
	return V4_IN_V6.every((byte, i) => address[i] === byte) ? address.slice(12) : undefined;
}

export function to16(address: Address): Address {
	return address.length === 4 ? [...V4_IN_V6, ...address] : address;
}

/** Parses an address without a zone; undefined when it is none. */
export function parseAddress(text: string): Address | undefined {
	return text.includes(":") ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): number[] | undefined {
	const parts = text.split(".");
	if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part))) return undefined;
	const bytes = parts.map(Number);
	return bytes.every((byte) => byte <= 255) ? bytes : undefined;
}

function parseV6(text: string): number[] | undefined {
	const halves = text.split("::");
	if (halves.length > 2) return undefined;
	const [head, tail] = halves.map((half, i) => parseGroups(half, i === halves.length - 1));
	if (head === undefined) return undefined;
	if (halves.length === 1) return head.length === 16 ? head : undefined;
	if (tail === undefined || head.length + tail.length > 14) return undefined;
	return [...head, ...Array<number>(16 - head.length - tail.length).fill(0), ...tail];
}

/** Groups of four hexadecimal digits; the last may be an IPv4 address. */
function parseGroups(text: string, isLast: boolean): number[] | undefined {
	if (text === "") return [];
	const bytes: number[] = [];
	const groups = text.split(":");
	for (const [i, group] of groups.entries()) {
		if (group.includes(".")) {
			const v4 = isLast && i === groups.length - 1 ? parseV4(group) : undefined;
			if (v4 === undefined) return undefined;
			bytes.push(...v4);
		} else {
			if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return undefined;
			const value = Number.parseInt(group, 16);
			bytes.push(value >> 8, value & 255);
		}
	}
	return bytes;
}

/** Parses `ADDRESS/BITS`; undefined when it is none. */
export function parseNetwork(text: string): Network | undefined {
	const slash = text.indexOf("/");
	if (slash < 0) return undefined;
	const address = parseAddress(text.slice(0, slash));
	const bits = text.slice(slash + 1);
	if (address === undefined || !/^\d+$/.test(bits) || Number(bits) > address.length * 8) return undefined;
	return maskTo(address, maskOf(Number(bits), address.length));
}

export function maskOf(bits: number, length: number): number[] {
	return Array.from({ length }, (_, i) => 256 - 2 ** (8 - Math.min(Math.max(bits - i * 8, 0), 8)));
}

export function maskTo(address: Address, mask: readonly number[]): Network {
	return { address: address.map((byte, i) => byte & (mask[i] ?? 0)), mask };
}

export function prefixLength({ mask }: Network): number {
	return mask.reduce((sum, byte) => sum + (byte === 0 ? 0 : 8 - Math.log2(256 - byte)), 0);
}

/** As Go's IPNet.Contains: a mapped IPv4 address counts as one of IPv4, and families never contain one another. */
export function contains(network: Network, address: Address): boolean {
	const base = to4(network.address) ?? network.address;
	const mask = network.mask.slice(-base.length);
	const bytes = to4(address) ?? address;
	return (
		bytes.length === base.length &&
		bytes.every((byte, i) => (byte & (mask[i] ?? 0)) === ((base[i] ?? 0) & (mask[i] ?? 0)))
	);
}

/** The network's last address, in as many bytes. */
export function lastOf({ address, mask }: Network): Address {
	return address.map((byte, i) => byte | (~(mask[i] ?? 0) & 255));
}

export function toInteger(address: Address): bigint {
	return address.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

export function fromInteger(value: bigint, length: number): Address {
	return Array.from({ length }, (_, i) => Number((value >> BigInt((length - 1 - i) * 8)) & 255n));
}

/** As Go prints it: a mapped IPv4 address in dots, the longest run of zero groups as `::`. */
export function formatAddress(address: Address): string {
	const v4 = to4(address);
	if (v4 !== undefined) return v4.join(".");
	const groups = Array.from(
		{ length: 8 },
		(_, i) => ((address[i * 2] ?? 0) << 8) | (address[i * 2 + 1] ?? 0),
	);
	let start = -1;
	let length = 1;
	for (let i = 0; i < 8; i++) {
		let end = i;
		while (end < 8 && groups[end] === 0) end++;
		if (end - i > length) {
			start = i;
			length = end - i;
		}
	}
	const write = (part: number[]) => part.map((group) => group.toString(16)).join(":");
	if (start < 0) return write(groups);
	return `${write(groups.slice(0, start))}::${write(groups.slice(start + length))}`;
}

export function formatNetwork(network: Network): string {
	return `${formatAddress(network.address)}/${prefixLength(network)}`;
}
