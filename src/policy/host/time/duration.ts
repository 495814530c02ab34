const UNITS: Readonly<Record<string, bigint>> = {
	ns: 1n,
	us: 1_000n,
	µs: 1_000n,
	μs: 1_000n,
	ms: 1_000_000n,
	s: 1_000_000_000n,
	m: 60_000_000_000n,
	h: 3_600_000_000_000n,
};

/** Hours of the units that OPA adds to Go's. */
const EXTENDED_HOURS: Readonly<Record<string, number>> = { d: 24, w: 7 * 24, y: 365 * 24 };

const LIMIT = 2n ** 63n;

/** Parses `1h30m`, `-1.5s`, `2d12h` to nanoseconds, as OPA's time.parse_duration_ns does. */
export function parseDurationNanos(text: string): bigint {
	if (!/[dwy]/.test(text)) return parseGoDuration(text);
	const match = /^([+-]?)((?:[0-9.]+(?:ms|us|µs|ns|[a-z]))+)$/.exec(text);
	if (match === null) throw invalid(text);
	const rewritten = (match[2] ?? "").replace(/([0-9.]+)(ms|us|µs|ns|[a-z])/g, (segment, digits, unit) => {
		const hours = EXTENDED_HOURS[unit];
		if (hours === undefined) return segment;
		if (!/^(\d+\.?\d*|\.\d+)$/.test(digits)) throw invalid(text);
		return `${plainDecimal(Number(digits) * hours)}h`;
	});
	return parseGoDuration(`${match[1]}${rewritten}`);
}

/** A number without an exponent, with the fewest digits that tell it apart. */
function plainDecimal(value: number): string {
	const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
	const digits = mantissa.replace(".", "");
	const point = Number(exponent) + 1;
	if (point <= 0) return `0.${"0".repeat(-point)}${digits}`;
	if (point >= digits.length) return digits.padEnd(point, "0");
	return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Go's time.ParseDuration. */
function parseGoDuration(text: string): bigint {
	const negative = text.startsWith("-");
	let rest = text.replace(/^[+-]/, "");
	if (rest === "0") return 0n;
	if (rest === "") throw invalid(text);
	let total = 0n;
	while (rest !== "") {
		const match = /^(\d*)(?:\.(\d*))?([^.\d]+)/.exec(rest);
		const [all = "", whole = "", fraction = "", unit = ""] = match ?? [];
		const scale = UNITS[unit];
		if (match === null || (whole === "" && fraction === "") || scale === undefined) throw invalid(text);
		const wholeValue = BigInt(whole === "" ? "0" : whole);
		if (wholeValue > LIMIT) throw invalid(text);
		total += wholeValue * scale + fractionOf(fraction, scale);
		if (total > LIMIT) throw invalid(text);
		rest = rest.slice(all.length);
	}
	if (negative) return -total;
	if (total > LIMIT - 1n) throw invalid(text);
	return total;
}

/** Go multiplies the fraction in floating point, as far as its digits fit 63 bits. */
function fractionOf(digits: string, unit: bigint): bigint {
	let value = 0n;
	let scale = 1;
	for (const digit of digits) {
		const next = value * 10n + BigInt(digit);
		if (value > (LIMIT - 1n) / 10n || next > LIMIT) break;
		value = next;
		scale *= 10;
	}
	return BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
}

function invalid(text: string): Error {
	return new Error(`invalid duration ${JSON.stringify(text)}`);
}
