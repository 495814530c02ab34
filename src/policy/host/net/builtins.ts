import type { BuiltinGroup, EvaluationContext } from "../builtin.ts";
import type { Operands } from "../operands.ts";
import { asString, membersOf } from "../operands.ts";
import { RegoNumber, RegoObject, RegoSet, type RegoValue } from "../values.ts";
import {
	contains,
	formatAddress,
	formatNetwork,
	fromInteger,
	lastOf,
	maskOf,
	type Network,
	parseAddress,
	parseNetwork,
	prefixLength,
	to4,
	toInteger,
} from "./address.ts";
import { mergeNetworks } from "./merge.ts";

function networkOf(text: string): Network {
	const network = parseNetwork(text);
	if (network === undefined) throw new Error(`invalid CIDR address: ${text}`);
	return network;
}

/** Whether the network holds the address or the whole of the other network. */
function containsText(cidr: string, text: string): boolean {
	const network = networkOf(cidr);
	const address = parseAddress(text);
	if (address !== undefined) return contains(network, address);
	const other = networkOf(text);
	const isV6 = (n: Network) => n.address.length === 16 && to4(n.address) === undefined;
	if (isV6(network) && isV6(other)) {
		const first = other.address.map((byte, i) => byte & (network.mask[i] ?? 0));
		return (
			prefixLength(network) <= prefixLength(other) && first.every((byte, i) => byte === network.address[i])
		);
	}
	return contains(network, other.address) && contains(network, lastOf(other));
}

/** The networks in a string, array, set or object, each with the index that a match names it by. */
function indexed(value: RegoValue, position: number): { text: string; index: RegoValue }[] {
	const textOf = (element: RegoValue): string => {
		const first = Array.isArray(element) ? element[0] : element;
		if (first === undefined)
			throw new Error(`operand ${position}: element must be string or non-empty array`);
		return asString(first, `an element of operand ${position}`);
	};
	if (typeof value === "string") return [{ text: value, index: value }];
	if (Array.isArray(value))
		return value.map((element, i) => ({ text: textOf(element), index: new RegoNumber(i) }));
	if (value instanceof RegoSet)
		return value.items.map((element) => ({ text: textOf(element), index: element }));
	if (value instanceof RegoObject)
		return value.entries.map(([key, element]) => ({ text: textOf(element), index: key }));
	return [];
}

/** About what one comparison of two networks costs. */
const PER_COMPARISON = 200;

function containsMatches(operands: Operands, context: EvaluationContext): RegoValue {
	const outer = indexed(operands.value(1), 1);
	const inner = indexed(operands.value(2), 2);
	context.charge(outer.length * inner.length * PER_COMPARISON);
	const matches = outer.flatMap((a) =>
		inner.filter((b) => containsText(a.text, b.text)).map((b): RegoValue => [a.index, b.index]),
	);
	return new RegoSet(matches);
}

function expand(operands: Operands, context: EvaluationContext): RegoValue {
	const { address, mask } = networkOf(operands.string(1));
	const first = toInteger(address);
	const count = toInteger(lastOf({ address, mask })) - first + 1n;
	context.charge(Number(count) * PER_COMPARISON);
	const texts: string[] = [];
	for (let i = 0n; i < count; i++) texts.push(formatAddress(fromInteger(first + i, address.length)));
	return new RegoSet(texts);
}

/** An address alone stands for the network of its old class, as Go's DefaultMask has it. */
function mergeable(value: RegoValue): Network {
	const text = asString(value, "an element");
	const address = parseAddress(text);
	if (address === undefined) return networkOf(text);
	const v4 = to4(address);
	if (v4 === undefined) throw new Error("IPv6 invalid: needs prefix length");
	const [leading = 0] = v4;
	const bits = leading < 0x80 ? 8 : leading < 0xc0 ? 16 : 24;
	return { address: v4, mask: maskOf(bits, 4) };
}

function merge(operands: Operands, context: EvaluationContext): RegoValue {
	const members = membersOf(operands.value(1));
	if (members === undefined) throw new Error("operand must be an array");
	context.charge(members.length * PER_COMPARISON);
	return new RegoSet(mergeNetworks(members.map(mergeable)).map(formatNetwork));
}

/** OPA's `net.cidr_*`, by v1/topdown/cidr.go. */
export const NET_BUILTINS: BuiltinGroup = {
	"net.cidr_contains": (operands) => containsText(operands.string(1), operands.string(2)),
	"net.cidr_intersects": (operands) => {
		const [a, b] = [networkOf(operands.string(1)), networkOf(operands.string(2))];
		return contains(a, b.address) || contains(b, a.address);
	},
	"net.cidr_contains_matches": containsMatches,
	"net.cidr_expand": expand,
	"net.cidr_merge": merge,
	"net.cidr_is_valid": (operands) => {
		const value = operands.value(1);
		return typeof value === "string" && parseNetwork(value) !== undefined;
	},
};
