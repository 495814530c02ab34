/** The exact decimal expansion of a positive finite double: `0.DIGITS` times ten to the power of `point`. */
interface Expansion {
	readonly digits: string;
	readonly point: number;
}

function expand(value: number): Expansion {
	const bits = new DataView(new ArrayBuffer(8));
	bits.setFloat64(0, value);
	const raw = bits.getBigUint64(0);
	const biased = Number((raw >> 52n) & 0x7ffn);
	const fraction = raw & ((1n << 52n) - 1n);
	const mantissa = biased === 0 ? fraction : fraction | (1n << 52n);
	const exponent = Math.max(biased, 1) - 1075;
	// A negative power of two is a power of five over a power of ten.
	const digits = (
		exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent)
	).toString();
	return { digits, point: digits.length + Math.min(exponent, 0) };
}

/** Rounds to the first `count` digits, half to even, as Go does. */
function round({ digits, point }: Expansion, count: number): Expansion {
	if (count < 0) return { digits: "", point };
	if (count >= digits.length) return { digits, point };
	const kept = digits.slice(0, count);
	const rest = digits.slice(count);
	const isHalf = /^50*$/.test(rest);
	const up = isHalf ? Number(kept.at(-1) ?? "0") % 2 === 1 : rest >= "5";
	if (!up) return { digits: kept, point };
	const raised = (BigInt(kept === "" ? "0" : kept) + 1n).toString().padStart(count, "0");
	return { digits: raised, point: point + raised.length - count };
}

/** The fewest digits that read back as the same double. */
function shortest(value: number): Expansion {
	const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
	return { digits: mantissa.replace(".", ""), point: Number(exponent) + 1 };
}

/**
 * Formats a double as Go's strconv.FormatFloat does. `precision` -1 is the fewest digits that read back. The verb is
 * one of e, E, f, g, G.
 */
export function formatFloat(value: number, verb: string, precision: number): string {
	const sign = value < 0 || Object.is(value, -0) ? "-" : "";
	const positive = Math.abs(value);
	const exact =
		positive === 0 ? { digits: "0", point: 1 } : precision < 0 ? shortest(positive) : expand(positive);
	switch (verb) {
		case "f":
			return sign + fixed(exact, precision);
		case "e":
		case "E":
			return sign + scientific(exact, precision, verb);
		default: {
			const wanted = precision < 0 ? exact.digits.length : Math.max(precision, 1);
			const rounded = trim(round(exact, wanted));
			let threshold = wanted;
			if (threshold > rounded.digits.length && rounded.digits.length >= rounded.point) {
				threshold = rounded.digits.length;
			}
			if (precision < 0) threshold = 6;
			const exponent = rounded.point - 1;
			if (exponent < -4 || exponent >= threshold) {
				return sign + scientific(rounded, rounded.digits.length - 1, verb === "g" ? "e" : "E");
			}
			return sign + fixed(rounded, Math.max(rounded.digits.length - rounded.point, 0));
		}
	}
}

function trim({ digits, point }: Expansion): Expansion {
	const trimmed = digits.replace(/0+$/, "");
	return trimmed === "" ? { digits: "0", point: 1 } : { digits: trimmed, point };
}

function fixed(exact: Expansion, precision: number): string {
	const places = precision < 0 ? Math.max(exact.digits.length - exact.point, 0) : precision;
	const { digits, point } = round(exact, exact.point + places);
	const whole = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
	const fraction = point > 0 ? digits.slice(point) : "0".repeat(Math.min(-point, places)) + digits;
	return places === 0 ? whole : `${whole}.${fraction.padEnd(places, "0").slice(0, places)}`;
}

function scientific(exact: Expansion, precision: number, letter: string): string {
	const places = precision < 0 ? exact.digits.length - 1 : precision;
	const { digits, point } = round(exact, places + 1);
	const exponent = exact.digits === "0" ? 0 : point - 1;
	const mantissa =
		places === 0 ? digits.slice(0, 1) : `${digits[0]}.${digits.slice(1, places + 1).padEnd(places, "0")}`;
	return `${mantissa}${letter}${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}
