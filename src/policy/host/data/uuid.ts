import type { BuiltinGroup } from "../builtin.ts";
import { RegoNumber, RegoObject, type RegoValue } from "../values.ts";

/** From the start of UUID time, 15 October 1582, to the epoch, in steps of 100 ns. */
const GREGORIAN_START = 122_192_928_000_000_000n;
const DOMAINS = ["Person", "Group", "Org"];

/** The forms that google/uuid takes: plain, in braces, as a URN, and without dashes. */
function parse(text: string): Buffer | undefined {
	const match =
		/^(?:urn:uuid:)?([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i.exec(text) ??
		/^.([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12}).$/is.exec(text) ??
		/^([0-9a-f]{32})$/i.exec(text);
	return match === null ? undefined : Buffer.from(match.slice(1).join(""), "hex");
}

function variantOf(byte: number): string {
	if ((byte & 0xc0) === 0x80) return "RFC4122";
	if ((byte & 0xe0) === 0xc0) return "Microsoft";
	return (byte & 0xe0) === 0xe0 ? "Future" : "Reserved";
}

function describeNode(first: number): string {
	return `${(first & 2) === 2 ? "local" : "global"}:${(first & 1) === 1 ? "multicast" : "unicast"}`;
}

function describe(bytes: Buffer): RegoObject {
	const version = bytes.readUInt8(6) >> 4;
	const fields: [string, RegoValue][] = [
		["version", new RegoNumber(version)],
		["variant", variantOf(bytes.readUInt8(8))],
	];
	if (version === 1 || version === 2) {
		const ticks =
			(BigInt(bytes.readUInt16BE(6) & 0xfff) << 48n) |
			(BigInt(bytes.readUInt16BE(4)) << 32n) |
			BigInt(bytes.readUInt32BE(0));
		const node = bytes.subarray(10);
		fields.push(
			["time", new RegoNumber(BigInt.asIntN(64, (ticks - GREGORIAN_START) * 100n))],
			["nodeid", [...node].map((byte) => byte.toString(16).padStart(2, "0")).join("-")],
			["macvariables", describeNode(node.readUInt8(0))],
			["clocksequence", new RegoNumber(bytes.readUInt16BE(8) & 0x3fff)],
		);
	}
	if (version === 2) {
		const domain = bytes.readUInt8(9);
		fields.push(
			["id", new RegoNumber(bytes.readUInt32BE(0))],
			["domain", DOMAINS[domain] ?? `Domain${domain}`],
		);
	}
	return new RegoObject(fields);
}

/** By internal/uuid; what is no UUID is undefined, without an error. */
export const UUID_BUILTINS: BuiltinGroup = {
	"uuid.parse": (operands) => {
		const bytes = parse(operands.string(1));
		return bytes === undefined ? undefined : describe(bytes);
	},
};
