/** Characters that give a value its shape and stay where they are: `4111-1111`, `+49 (30) 1234`. */
const SEPARATORS = new Set(" -./()+:_,");

/** Local part, domain, top-level domain; deliberately loose, for its answer hides more than the other rule would. */
const EMAIL = /^([^@\s]+)@[^@\s]+\.([^@\s.]+)$/u;

/**
 * Shows a value's shape with its first `keepFirst` and last `keep` characters (code points; separators stay and don't
 * count): `4111 1111 1111 4242` with keep 4 becomes `**** **** **** 4242`. A value with no more than are kept is
 * masked whole. Where nothing is kept an e-mail address becomes `a***@***.com`: its first character, unless that is
 * the whole local part, and its top-level domain. An empty value stays empty.
 */
export function partialText(text: string, keep: number, keepFirst = 0): string {
	if (keep + keepFirst === 0) {
		const email = EMAIL.exec(text);
		if (email !== null) return partialEmail(email[1] ?? "", email[2] ?? "");
	}
	let count = 0;
	for (const character of text) if (!SEPARATORS.has(character)) count++;
	if (count === 0) return "*".repeat(text.length);
	const short = count <= keep + keepFirst;
	const from = short ? 0 : keepFirst;
	const to = short ? count : count - keep;
	let masked = "";
	let place = 0;
	for (const character of text) {
		const shape = SEPARATORS.has(character);
		masked += shape || place < from || place >= to ? character : "*";
		if (!shape) place++;
	}
	return masked;
}

/** The same for what consists of digits, whose hidden ones become 0: other characters are its form. */
export function partialDigits(text: string, keep: number, keepFirst: number): string {
	const count = text.replaceAll(/[^0-9a-f]/gi, "").length;
	const short = count <= keep + keepFirst;
	let place = 0;
	return text.replaceAll(/[0-9a-f]/gi, (digit) => {
		const kept = !short && (place < keepFirst || place >= count - keep);
		place++;
		return kept ? digit : "0";
	});
}

function partialEmail(local: string, topLevel: string): string {
	const [first = "", ...rest] = Array.from(local);
	return `${rest.length === 0 ? "" : first}***@***.${topLevel}`;
}
