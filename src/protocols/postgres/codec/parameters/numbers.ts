/** Decimal exponents from which on the server writes `e` notation (PostgreSQL's d2s.c and f2s.c). */
const FLOAT8_FIXED_BELOW = 15;
const FLOAT4_FIXED_BELOW = 6;
const FIXED_FROM = -4;

export function float8Text(value: number): string {
	return floatText(value, value.toExponential(), FLOAT8_FIXED_BELOW);
}

/** The shortest decimal that reads back as the same 32-bit float. */
export function float4Text(value: number): string {
	let shortest = value.toExponential();
	for (let digits = 0; digits < 9; digits++) {
		const candidate = value.toExponential(digits);
		if (Math.fround(Number(candidate)) === value) {
			shortest = candidate;
			break;
		}
	}
	return floatText(value, shortest, FLOAT4_FIXED_BELOW);
}

function floatText(value: number, exponential: string, fixedBelow: number): string {
	if (Number.isNaN(value)) return "NaN";
	if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
	const sign = value < 0 || Object.is(value, -0) ? "-" : "";
	const [mantissa = "0", exponentText = "0"] = exponential.replace("-", sign === "" ? "-" : "").split("e");
	const digits = mantissa.replace(".", "").replace(/0+$/, "") || "0";
	const exponent = Number(exponentText);
	if (exponent >= FIXED_FROM && exponent < fixedBelow) return sign + fixed(digits, exponent);
	const fraction = digits.length > 1 ? `.${digits.slice(1)}` : "";
	const power = String(Math.abs(exponent)).padStart(2, "0");
	return `${sign}${digits[0]}${fraction}e${exponent < 0 ? "-" : "+"}${power}`;
}

function fixed(digits: string, exponent: number): string {
	if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
	const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
	const fraction = digits.slice(exponent + 1);
	return fraction === "" ? whole : `${whole}.${fraction}`;
}

const NUMERIC_NEGATIVE = 0x4000;
const NUMERIC_SPECIAL: Readonly<Record<number, string>> = {
	49152: "NaN",
	53248: "Infinity",
	61440: "-Infinity",
};
const NUMERIC_MAX_SCALE = 0x3fff;

/** Groups of four decimal digits, `weight` the power of 10000 of the first; digits beyond the scale are cut off. */
export function numericText(value: Buffer): string {
	const count = value.readUInt16BE(0);
	const weight = value.readInt16BE(2);
	const sign = value.readUInt16BE(4);
	const scale = value.readUInt16BE(6);
	if (value.length !== 8 + 2 * count || scale > NUMERIC_MAX_SCALE) throw new RangeError("numeric");
	const special = NUMERIC_SPECIAL[sign];
	if (special !== undefined) return special;
	if (sign !== 0 && sign !== NUMERIC_NEGATIVE) throw new RangeError("numeric sign");
	const group = (index: number): string => {
		if (index < 0 || index >= count) return "0000";
		const digits = value.readUInt16BE(8 + 2 * index);
		if (digits > 9999) throw new RangeError("numeric digit");
		return String(digits).padStart(4, "0");
	};
	let whole = "";
	for (let index = 0; index <= weight; index++) whole += group(index);
	let fraction = "";
	for (let index = weight + 1; fraction.length < scale; index++) fraction += group(index);
	whole = whole.replace(/^0+/, "") || "0";
	fraction = fraction.slice(0, scale);
	const isZero = whole === "0" && !/[1-9]/.test(fraction);
	const text = fraction === "" ? whole : `${whole}.${fraction}`;
	return sign === NUMERIC_NEGATIVE && !isZero ? `-${text}` : text;
}
