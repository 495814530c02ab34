import { DIGIT, LOWER, UPPER, WORD } from "./bytes.ts";
import { cardAt } from "./card.ts";
import { type Announced, Context } from "./context.ts";
import { emailAround } from "./email.ts";
import { ibanAt } from "./iban.ts";
import { ipv4At, ipv6Around } from "./ip.ts";
import { WebTokens } from "./jwt.ts";
import { type Hit, NONE, type Text } from "./kinds.ts";
import { letteredFromDigit, letteredFromLetter, NationalNumbers } from "./national/index.ts";
import { NumberRun } from "./numbers.ts";
import { isUrl, passwordBehind, passwordInUrl } from "./passwords.ts";
import { PHONE_WORDS, phoneAt } from "./phone.ts";
import { privateKeyAt } from "./private-key.ts";
import { azureSecretAround, keyedTokenBehind, mayBeginToken, slackHookBehind, tokenAt } from "./tokens.ts";

/** Words after which four numbers are a version. */
const VERSION_WORDS = [
	"version",
	"versions",
	"release",
	"build",
	"ver",
	"firmware",
	"upgrade",
	"oid",
	"section",
];

/** What may begin, or stand in the middle of, something to be found; all other bytes are passed over. */
const OTHER = 0;
const LETTER = 1;
const FIGURE = 2;
const SIGN = 3;
const STARTS = new Uint8Array(256);
STARTS.fill(FIGURE, 0x30, 0x3a);
STARTS.fill(LETTER, 0x41, 0x5b);
STARTS.fill(LETTER, 0x61, 0x7b);
for (const sign of Buffer.from("@:=-+(~/")) STARTS[sign] = SIGN;

/**
 * One pass over the bytes. What can begin, or stand in the middle of, something to be found is a digit, the first
 * letter of a word, or one of `@ : = - + ( ~ /`; from there the matchers look exactly. Words and numbers in which
 * nothing was found are passed over whole, and each matcher reads a bounded stretch, so that time is linear.
 */
export class Scanner {
	readonly #context = new Context();
	readonly #national = new NationalNumbers(this.#context);
	readonly #phone = this.#context.family("phone", PHONE_WORDS);
	readonly #version = this.#context.family("version", VERSION_WORDS);
	readonly #run = new NumberRun();
	readonly #webTokens = new WebTokens();
	#text: Text = { bytes: Buffer.alloc(0), start: 0, end: 0 };
	#hits: Hit[] = [];
	/** Where the last hit ended: the next begins there or behind it. */
	#floor = 0;

	/** What a text's name announces: a column's does so as a word before a number would. */
	announcedBy(name: string): Announced {
		return this.#context.announcedBy(name);
	}

	/**
	 * Finds everything that begins at `from` or behind it. Hits are in order and don't overlap.
	 * @param text bytes before `from` are read as context only
	 */
	scan(text: Text, from: number, announced: Announced, hits: Hit[]): void {
		this.#text = text;
		this.#hits = hits;
		this.#floor = from;
		this.#webTokens.begin();
		this.#context.begin(text, announced);
		const { bytes, end } = text;
		for (let at = from; at < end; ) {
			const byte = bytes[at] as number;
			const start = STARTS[byte];
			if (start === OTHER) at++;
			else if (start === LETTER) at = this.#word(at, byte);
			else if (start === FIGURE) at = this.#number(at);
			else at = this.#sign(at, byte);
		}
	}

	#hit(kind: string, of: string, start: number, end: number): number {
		this.#context.found(this.#text, start, end);
		this.#hits.push({ kind, of, start, end });
		this.#floor = end;
		return end;
	}

	#word(at: number, first: number): number {
		const text = this.#text;
		const { bytes } = text;
		if (at > text.start && at > this.#floor && WORD[bytes[at - 1] as number] !== 0) return at + 1;
		const second = bytes[at + 1] as number;
		const third = bytes[at + 2] as number;
		const secondKind = WORD[second];
		if (
			secondKind === DIGIT ||
			WORD[bytes[at + 6] as number] === DIGIT ||
			WORD[bytes[at + 4] as number] === DIGIT
		) {
			const found = letteredFromLetter(text, at);
			if (found !== null) return this.#hit("national_id", found.of, at, found.end);
		}
		if (WORD[third] === DIGIT && (secondKind === UPPER || secondKind === LOWER)) {
			const end = ibanAt(text, at);
			if (end !== NONE) return this.#hit("iban", "iban", at, end);
		}
		if (mayBeginToken(first, second, third)) {
			const token = tokenAt(text, at);
			if (token !== null) return this.#hit("token", token.of, token.start, token.end);
		}
		if (first === 0x65 && second === 0x79 && third === 0x4a) {
			const end = this.#webTokens.at(text, at);
			if (end !== NONE) return this.#hit("jwt", "jwt", at, end);
		}
		return this.#wordEnd(at + 1);
	}

	#wordEnd(from: number): number {
		const { bytes, end } = this.#text;
		let at = from;
		while (at < end && WORD[bytes[at] as number] !== 0) at++;
		return at;
	}

	#number(at: number): number {
		const text = this.#text;
		const { bytes, end } = text;
		let groupEnd = at + 1;
		while (groupEnd < end && WORD[bytes[groupEnd] as number] === DIGIT) groupEnd++;
		if (groupEnd - at <= LONGEST_SMALL && !goesOn(text, groupEnd)) return this.#wordEnd(groupEnd);
		const run = this.#run;
		run.read(text, at);
		const before = at > text.start ? (bytes[at - 1] as number) : 0;
		if (WORD[before] === 0 && this.#isPlausible(run) && !isDated(run)) {
			const address = ipv4At(text, run);
			if (address !== NONE && !this.#context.announces(text, at, this.#version))
				return this.#hit("ip", "ipv4", at, address);
			const card = cardAt(text, run);
			if (card !== null) return this.#hit("card", card.of, at, card.end);
			const id = this.#national.at(text, run);
			if (id !== null) return this.#hit("national_id", id.of, at, id.end);
			const lettered = letteredFromDigit(text, at);
			if (lettered !== null) return this.#hit("national_id", lettered.of, at, lettered.end);
			const phone = this.#mayBePhone(text, at, run) ? this.#phoneAt(at) : NONE;
			if (phone !== NONE) return this.#hit("phone", "phone", at, phone);
		}
		return this.#wordEnd(groupEnd);
	}

	/** Most numbers are shorter than any that is looked for. */
	#isPlausible(run: NumberRun): boolean {
		if (run.groups > 3 || (run.groups > 0 && (run.sizes[0] as number) > 5)) return true;
		let digits = 0;
		for (let group = 0; group < run.groups; group++) digits += run.sizes[group] as number;
		return digits > 6;
	}

	/** Without a word before it a national number begins with a zero, or with the group of an area of North America. */
	#mayBePhone(text: Text, at: number, run: NumberRun): boolean {
		const first = run.sizes[0] as number;
		if (run.digits[0] === 0 || first === 3 || (first === 1 && run.sizes[1] === 3)) return true;
		if (first === 1 && text.bytes[at + 2] === 0x28) return true;
		return this.#context.announces(text, run.start, this.#phone);
	}

	#phoneAt(at: number): number {
		return phoneAt(this.#text, at, () => this.#context.announces(this.#text, at, this.#phone));
	}

	#sign(at: number, byte: number): number {
		const text = this.#text;
		switch (byte) {
			case 0x40: {
				const found = emailAround(text, at, this.#floor);
				return found === null ? at + 1 : this.#hit("email", "email", found.start, found.end);
			}
			case 0x3a:
				return this.#colon(at);
			case 0x3d: {
				const password = passwordBehind(text, at);
				if (password !== null) return this.#hit("password", "password", password.start, password.end);
				return this.#token(keyedTokenBehind(text, at), at);
			}
			case 0x2d: {
				if (text.bytes[at + 1] !== 0x2d) return at + 1;
				const end = privateKeyAt(text, at);
				return end === NONE ? at + 1 : this.#hit("private_key", "private_key", at, end);
			}
			case 0x2b:
			case 0x28: {
				const end = this.#phoneAt(at);
				return end === NONE ? at + 1 : this.#hit("phone", "phone", at, end);
			}
			case 0x7e:
				return this.#token(azureSecretAround(text, at), at);
			case 0x2f:
				return this.#token(slackHookBehind(text, at), at);
			default:
				return at + 1;
		}
	}

	#colon(at: number): number {
		const text = this.#text;
		if (isUrl(text, at)) {
			const password = passwordInUrl(text, at);
			if (password !== null) return this.#hit("password", "url", password.start, password.end);
			return at + 1;
		}
		const address = ipv6Around(text, at);
		if (address !== null && address.start >= this.#floor)
			return this.#hit("ip", "ipv6", address.start, address.end);
		return this.#token(keyedTokenBehind(text, at), at);
	}

	#token(
		found: { readonly of: string; readonly start: number; readonly end: number } | null,
		at: number,
	): number {
		if (found === null || found.start < this.#floor) return at + 1;
		return this.#hit("token", found.of, found.start, found.end);
	}
}

/** Digits of a single group that no number which is looked for consists of. */
const LONGEST_SMALL = 5;

/** Whether another group may follow a group of digits. */
function goesOn({ bytes, end }: Text, at: number): boolean {
	if (at + 1 >= end) return false;
	const byte = bytes[at] as number;
	if (byte >= 0x80) return true;
	const separates = byte === 0x20 || byte === 0x2d || byte === 0x2e || byte === 0x2f;
	return separates && WORD[bytes[at + 1] as number] === DIGIT;
}

/** `2024-01-15` and what follows: nothing that is looked for is written so, and no word makes it a telephone number. */
function isDated({ groups, sizes, digits }: NumberRun): boolean {
	if (groups < 3 || sizes[0] !== 4 || sizes[1] !== 2 || sizes[2] !== 2) return false;
	return (digits[0] === 1 && digits[1] === 9) || (digits[0] === 2 && digits[1] === 0);
}
