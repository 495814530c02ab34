import type { BuiltinGroup } from "../builtin.ts";
import { RegoNumber } from "../values.ts";

interface Version {
	readonly numbers: readonly bigint[];
	readonly preRelease: string;
}

const IDENTIFIERS = "[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*";
const VERSION = new RegExp(
	`^v?(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(?:-(${IDENTIFIERS}))?(?:\\+${IDENTIFIERS})?$`,
);
const MAX_INT64 = 2n ** 63n - 1n;

function parse(text: string): Version | undefined {
	const match = VERSION.exec(text);
	if (match === null) return undefined;
	const numbers = match.slice(1, 4).map(BigInt);
	const preRelease = match[4] ?? "";
	if (numbers.some((number) => number > MAX_INT64)) return undefined;
	if (preRelease.split(".").some((identifier) => /^0\d+$/.test(identifier))) return undefined;
	return { numbers, preRelease };
}

function order<T>(a: T, b: T): number {
	return a < b ? -1 : Number(a > b);
}

function compareVersions(a: Version, b: Version): number {
	for (const [i, number] of a.numbers.entries()) {
		const difference = order(number, b.numbers[i] ?? 0n);
		if (difference !== 0) return difference;
	}
	if (a.preRelease === b.preRelease) return 0;
	if (a.preRelease === "" || b.preRelease === "") return a.preRelease === "" ? 1 : -1;
	const left = a.preRelease.split(".");
	const right = b.preRelease.split(".");
	for (let i = 0; i < Math.min(left.length, right.length); i++) {
		const difference = compareIdentifiers(left[i] ?? "", right[i] ?? "");
		if (difference !== 0) return difference;
	}
	return order(left.length, right.length);
}

/** Numbers come before names. Beyond 64 bits they are all the largest, as OPA reads them. */
function compareIdentifiers(a: string, b: string): number {
	const [aIsNumber, bIsNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)];
	if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
	if (!aIsNumber) return order(a, b);
	const bounded = (text: string) => (BigInt(text) > MAX_INT64 ? MAX_INT64 : BigInt(text));
	return order(bounded(a), bounded(b));
}

/** OPA's `semver.*`, by internal/semver/semver.go. */
export const SEMVER_BUILTINS: BuiltinGroup = {
	"semver.compare": (operands) => {
		const [a, b] = [1, 2].map((position) => {
			const version = parse(operands.string(position));
			if (version === undefined) throw new Error(`operand ${position} is not a valid SemVer`);
			return version;
		});
		if (a === undefined || b === undefined) throw new Error("operands are missing");
		return new RegoNumber(compareVersions(a, b));
	},
	"semver.is_valid": (operands) => {
		const value = operands.value(1);
		return typeof value === "string" && parse(value) !== undefined;
	},
};
