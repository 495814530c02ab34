import { byteAt, byteSet, classAt, runEnd, standsAt, UPPER, WORD } from "./bytes.ts";
import { NONE, type Text } from "./kinds.ts";
import { TOKEN_RULES, type TokenRule } from "./token-rules.ts";

const TOKEN = byteSet("A-Za-z0-9_-");
const BASE64 = byteSet("A-Za-z0-9+/");
const AZURE_SECRET = byteSet("A-Za-z0-9_.~-");
/** Fewer different characters than this are somebody's `xxxxxxxx`. */
const LEAST_DIFFERENT = 6;

/** Rules by the first two bytes. */
const BY_START = new Map<number, TokenRule[]>();
/** By the hash of three bytes: whether some rule begins so. */
const BEGINS = new Uint8Array(65_536);
const hashOf = (first: number, second: number, third: number) =>
	((first << 10) ^ (second << 5) ^ third) & 0xffff;
for (const rule of TOKEN_RULES) {
	const [first = 0, second = 0, third] = Buffer.from(rule.prefix);
	if (third !== undefined) BEGINS[hashOf(first, second, third)] = 1;
	else for (let any = 0; any < 256; any++) BEGINS[hashOf(first, second, any)] = 1;
	const start = (first << 8) | second;
	BY_START.set(start, [...(BY_START.get(start) ?? []), rule]);
}

export interface TokenHit {
	readonly of: string;
	readonly start: number;
	readonly end: number;
}

/** False where no vendor's token begins with the three bytes. */
export function mayBeginToken(first: number, second: number, third: number): boolean {
	return BEGINS[hashOf(first, second, third)] === 1;
}

/** The vendor's token that begins at `at`, the first byte of a word. */
export function tokenAt(text: Text, at: number): TokenHit | null {
	const start = ((text.bytes[at] as number) << 8) | byteAt(text, at + 1);
	for (const rule of BY_START.get(start) ?? []) {
		if (!standsAt(text, at, rule.prefix)) continue;
		const end = endOf(text, at, rule);
		if (end !== NONE) return { of: rule.of, start: at, end };
	}
	return null;
}

function endOf(text: Text, at: number, rule: TokenRule): number {
	const body = at + rule.prefix.length;
	let end = body;
	for (const part of rule.parts) {
		if (typeof part === "string") {
			if (!standsAt(text, end, part)) return NONE;
			end += part.length;
			continue;
		}
		const next = runEnd(text, end, part.set, part.most);
		if (next - end < part.least) return NONE;
		end = next;
	}
	if (WORD[byteAt(text, end)] !== 0 || isPlaceholder(text, body, end)) return NONE;
	if (rule.holds !== undefined && !text.bytes.subarray(body, end).includes(rule.holds)) return NONE;
	return end;
}

/** `ghp_xxxx...`, and AWS's own `AKIAIOSFODNN7EXAMPLE`. */
function isPlaceholder(text: Text, start: number, end: number): boolean {
	if (standsAt(text, end - 7, "EXAMPLE")) return true;
	const seen = new Set<number>();
	for (let i = start; i < end && seen.size < LEAST_DIFFERENT; i++) seen.add(text.bytes[i] as number);
	return seen.size < LEAST_DIFFERENT;
}

/** Keys whose value is a secret that can't be told by itself: how long it is, of what, and what ends it. */
const KEYED: readonly { of: string; key: string; set: Uint8Array; length: number; tail: string }[] = [
	{ of: "aws", key: "secret_access_key", set: BASE64, length: 40, tail: "" },
	{ of: "aws", key: "secretaccesskey", set: BASE64, length: 40, tail: "" },
	{ of: "azure", key: "accountkey", set: BASE64, length: 86, tail: "==" },
	{ of: "azure", key: "sharedaccesskey", set: BASE64, length: 43, tail: "=" },
];

/** The secret behind the `=` or `:` at `sign`: AWS's secret keys and Azure's of storage and buses. */
export function keyedTokenBehind(text: Text, sign: number): TokenHit | null {
	let keyEnd = sign;
	while (keyEnd > text.start && sign - keyEnd < 3 && surrounds(byteAt(text, keyEnd - 1))) keyEnd--;
	if (WORD[byteAt(text, keyEnd - 1)] === 0 || (byteAt(text, keyEnd - 1) | 0x20) !== 0x79) return null;
	const before = text.bytes.toString("latin1", Math.max(text.start, keyEnd - 20), keyEnd).toLowerCase();
	const keyed = KEYED.find(({ key }) => before.endsWith(key));
	if (keyed === undefined) return null;
	let start = sign + 1;
	while (start - sign < 4 && surrounds(byteAt(text, start))) start++;
	const run = runEnd(text, start, keyed.set, keyed.length + 1);
	if (run - start !== keyed.length || !standsAt(text, run, keyed.tail)) return null;
	return { of: keyed.of, start, end: run + keyed.tail.length };
}

/** A blank or a quotation mark. */
const surrounds = (byte: number) => byte === 0x20 || byte === 0x22 || byte === 0x27;

/** Azure's client secret around the `Q~` whose tilde is at `tilde`: three characters, a digit, `Q~`, 31 to 34 more. */
export function azureSecretAround(text: Text, tilde: number): TokenHit | null {
	const start = tilde - 5;
	if (start < text.start || byteAt(text, tilde - 1) !== 0x51 || classAt(text, tilde - 2) !== 1) return null;
	if (runEnd(text, start, AZURE_SECRET, 3) !== start + 3 || AZURE_SECRET[byteAt(text, start - 1)] === 1)
		return null;
	const end = runEnd(text, tilde + 1, AZURE_SECRET, 35);
	const body = end - tilde - 1;
	return body >= 31 && body <= 34 ? { of: "azure", start, end } : null;
}

/** `T00000000/B00000000/24 characters` of a Slack webhook, behind `services/` whose slash is at `slash`. */
export function slackHookBehind(text: Text, slash: number): TokenHit | null {
	if (!standsAt(text, slash - 24, "hooks.slack.com/services/")) return null;
	let end = slash;
	for (const least of [8, 8, 20]) {
		const next = runEnd(text, end + 1, TOKEN, 40);
		if (byteAt(text, end) !== 0x2f || next - end - 1 < least) return null;
		end = next;
	}
	return classAt(text, slash + 1) === UPPER ? { of: "slack", start: slash + 1, end } : null;
}
