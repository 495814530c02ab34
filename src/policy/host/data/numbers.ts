import type { BuiltinGroup, EvaluationContext } from "../builtin.ts";
import type { Operands } from "../operands.ts";
import { decimal, RegoNumber, type RegoValue } from "../values.ts";

/** Each unit as a fraction of whole numbers. `m` is the double nearest to a thousandth, as OPA has it. */
const UNITS: ReadonlyMap<string, readonly [bigint, bigint]> = new Map([
	["", [1n, 1n]],
	["m", [1152921504606847n, 2n ** 60n]],
	...["k", "m", "g", "t", "p", "e"].flatMap((letter, i): [string, readonly [bigint, bigint]][] => {
		const [si, binary] = [1000n ** BigInt(i + 1), 1024n ** BigInt(i + 1)];
		const upper = letter.toUpperCase();
		return [
			...(letter === "m" ? [] : [[letter, [si, 1n]] as [string, readonly [bigint, bigint]]]),
			[upper, [si, 1n]],
			[`${letter}i`, [binary, 1n]],
			[`${upper}i`, [binary, 1n]],
		];
	}),
]);

function parseUnits(operands: Operands, context: EvaluationContext): RegoValue {
	const text = operands.string(1).replaceAll('"', "");
	if (text.includes(" ")) throw new Error("spaces not allowed in resource strings");
	const [, amount = "", rest = ""] = /^((?:[\d.+-]|[eE][+-]?(?=\d)\d*|[eE][+-])*)(.*)$/s.exec(text) ?? [];
	const unit = rest.slice(0, 1) + rest.slice(1).toLowerCase();
	const factor = UNITS.get(unit);
	if (amount === "") throw new Error("no amount provided");
	if (factor === undefined) throw new Error(`unit ${unit} not recognized`);
	const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/.exec(amount);
	if (match === null || `${match[2]}${match[3] ?? ""}` === "")
		throw new Error("could not parse amount to a number");
	context.charge(Math.abs(Number(match[4] ?? 0)) * 4);
	const sign = match[1] === "-" ? "-" : "";
	const { digits, exponent } = decimal(`${sign}${match[2] || "0"}.${match[3] || "0"}e${match[4] ?? 0}`);
	let [numerator, denominator] = [digits * factor[0], factor[1]];
	if (exponent >= 0) numerator *= 10n ** BigInt(exponent);
	else denominator *= 10n ** BigInt(-exponent);
	if (numerator % denominator === 0n) return new RegoNumber(numerator / denominator);
	return new RegoNumber(tenPlaces(numerator, denominator));
}

/** With ten decimal places, half away from zero. */
function tenPlaces(numerator: bigint, denominator: bigint): string {
	const positive = numerator < 0n ? -numerator : numerator;
	const scaled = (positive * 10n ** 10n * 2n + denominator) / (denominator * 2n);
	const digits = scaled.toString().padStart(11, "0");
	return `${numerator < 0n ? "-" : ""}${digits.slice(0, -10)}.${digits.slice(-10)}`;
}

function rangeStep(operands: Operands, context: EvaluationContext): RegoValue {
	const [from, to, step] = [operands.wholeNumber(1), operands.wholeNumber(2), operands.wholeNumber(3)];
	if (step <= 0n) throw new Error("step must be a positive integer");
	const span = from <= to ? to - from : from - to;
	const count = span / step + 1n;
	context.charge(Number(count) * 10);
	const signed = from <= to ? step : -step;
	return Array.from({ length: Number(count) }, (_, i) => new RegoNumber(from + signed * BigInt(i)));
}

/** By v1/topdown/parse_units.go and numbers.go. */
export const NUMBER_BUILTINS: BuiltinGroup = {
	"units.parse": parseUnits,
	"numbers.range_step": rangeStep,
};
