import { byteAt, classAt, DIGIT, separatorAt, UNDERSCORE } from "./bytes.ts";
import { NONE, type Text } from "./kinds.ts";

/** The IBAN registry (ISO 13616, SWIFT's release 98): length by country. */
const LENGTHS: ReadonlyMap<string, number> = new Map(
	(
		"AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 " +
		"ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 " +
		"LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 " +
		"PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
	)
		.split(" ")
		.map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/** The end of the IBAN at `at`: in one piece or with a separator behind every fourth character, check digits right. */
export function ibanAt(text: Text, at: number): number {
	const country = text.bytes.toString("latin1", at, Math.min(at + 2, text.end)).toUpperCase();
	const length = LENGTHS.get(country);
	if (length === undefined) return NONE;
	// The first four characters count last (ISO 7064, MOD 97-10).
	let rest = 0;
	let head = 0;
	let separator = 0;
	let next = at;
	for (let i = 0; i < length; i++, next++) {
		if (i > 0 && i % 4 === 0) {
			const found = separatorAt(text, next);
			const expected = i === 4 || separator === found.as;
			if (found.length > 0 && expected && found.as !== 0x2f) next += found.length;
			else if (i > 4 && separator !== 0) return NONE;
			if (i === 4) separator = found.as;
		}
		const kind = classAt(text, next);
		if (kind === 0 || kind === UNDERSCORE) return NONE;
		const value = valueAt(text, next);
		if ((i === 2 || i === 3) && kind !== DIGIT) return NONE;
		if (i < 4) head = head * (value > 9 ? 100 : 10) + value;
		else rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
	}
	if (classAt(text, next) !== 0) return NONE;
	// Two letters and two digits: a number of six digits.
	return (rest * 1_000_000 + head) % 97 === 1 ? next : NONE;
}

function valueAt(text: Text, at: number): number {
	const byte = byteAt(text, at);
	return byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x61 + 10;
}
