import { card, iban } from "./numbers.ts";
import { ALNUM, BASE64URL, HEX, LOWER, type Random } from "./random.ts";

/** Names that the corpus' dictionary has. */
export const NAMES = [
	"Ada Lovelace",
	"Grace Hopper",
	"José García",
	"Zoë Müller",
	"Иван Петров",
	"Nguyễn Thị Hoa",
	"Olumide",
	"O'Brien",
];

const FIRST = [
	"ada",
	"grace",
	"jose.garcia",
	"l.torvalds",
	"kim_min",
	"a",
	"hans-peter",
	"o'hara",
	"info",
	"x+tag",
	"1984",
];
const HOSTS = ["example", "mail.example", "corp-intra", "münchen", "sub.dept.example", "163", "a1"];
const TOP = ["com", "org", "co.uk", "de", "fr", "com.br", "io", "museum", "xn--p1ai", "cn"];

function email(random: Random): string {
	const local = random.of(FIRST).replace("'", "");
	return `${local}${random.below(3) === 0 ? random.digits(2) : ""}@${random.of(HOSTS)}.${random.of(TOP)}`;
}

/** Telephone numbers as people write them; `#` is a digit. The second part stands where a word has to be before it. */
const PHONES = [
	"+49 30 ######",
	"+49 (0)30 ######",
	"+49-171-#######",
	"+4917########",
	"+1 415 555 ####",
	"+1 (212) 555-####",
	"+1-800-555-####",
	"+44 20 7946 ####",
	"+44 7700 900###",
	"+33 1 23 45 67 ##",
	"+33612345###",
	"+34 612 345 ###",
	"+39 06 698 #####",
	"+31 6 1234####",
	"+46 70 123 45 ##",
	"+81 3-1234-####",
	"+86 138 1234 ####",
	"+91 98765 43###",
	"+55 11 91234-####",
	"+7 495 123-45-##",
	"+61 2 9123 ####",
	"0049 30 ######",
	"(415) 555-####",
	"415-555-####",
	"415.555.####",
	"1-800-555-####",
	"01 23 45 67 ##",
	"06.12.34.56.##",
	"0171 1234###",
	"07700 900###",
	"(030) 1234-####",
] as const;
const ANNOUNCED = [
	"tel: 030######",
	"phone 5551234",
	"Mobil: 0664 1234###",
	"电话 138########",
	"тел. 8 495 123-45-##",
	"fax 212 555 0###",
	"customerPhone=4155550###",
	"WhatsApp 612345###",
];

function phone(random: Random): Made {
	const written = random.below(4) === 0 ? random.of(ANNOUNCED) : random.of(PHONES);
	const text = written.replaceAll("#", () => String(random.below(10)));
	const at = text.search(/[+(\d]/);
	return { text, value: text.slice(at) };
}

function ip(random: Random): string {
	if (random.below(3) > 0) return Array.from({ length: 4 }, () => random.below(256)).join(".");
	const group = () => random.text(HEX, random.between(1, 4)).replace(/^0+(?=.)/, "");
	const full = Array.from({ length: 8 }, group).join(":");
	return random.of([
		full,
		`2001:db8::${group()}`,
		`fe80::${group()}:${group()}`,
		`::ffff:${random.below(256)}.0.0.1`,
	]);
}

function jwt(random: Random): string {
	const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
	const header = encoded({
		alg: random.of(["HS256", "RS256", "ES256", "none"]),
		...(random.below(2) === 0 ? { typ: "JWT" } : {}),
	});
	return `${header}.${encoded({ sub: random.digits(6), iat: random.between(1, 1e9) })}.${random.text(BASE64URL, 43)}`;
}

function privateKey(random: Random): string {
	const label = random.of([
		"RSA PRIVATE KEY",
		"PRIVATE KEY",
		"EC PRIVATE KEY",
		"OPENSSH PRIVATE KEY",
		"ENCRYPTED PRIVATE KEY",
	]);
	const end = random.of(["\n", "\\n", "\r\n"]);
	const lines = Array.from({ length: random.between(3, 30) }, () => random.text(`${ALNUM}+/`, 64));
	return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join(end);
}

/** Tokens by their issuers' documents: `w` a letter or digit, `h` hexadecimal, `u` base64url, `A` a capital or 2 to 7. */
const TOKENS: readonly (readonly [prefix: string, characters: string, length: number, tail?: string])[] = [
	["AKIA", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16],
	["ASIA", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16],
	["AIza", BASE64URL, 35],
	["GOCSPX-", BASE64URL, 28],
	["ghp_", ALNUM, 36],
	["gho_", ALNUM, 36],
	["ghs_", ALNUM, 36],
	["glpat-", ALNUM, 20],
	["xoxb-1234567890123-1234567890123-", ALNUM, 24],
	["sk_live_", ALNUM, 24],
	["rk_test_", ALNUM, 24],
	["npm_", ALNUM, 36],
	["pypi-AgEIcHlwaS5vcmc", ALNUM, 140],
	["sk-ant-api03-", BASE64URL, 93, "AA"],
	["sk-proj-", ALNUM, 74],
	["sk-", ALNUM, 20, "T3BlbkFJabcdefgh12345678wxyz"],
	["SK", HEX, 32],
	["SG.abcdefghijklmnopqrstuv.", ALNUM, 43],
	["dop_v1_", HEX, 64],
	["shpat_", HEX, 32],
	["hf_", ALNUM.replace(/\d/g, ""), 34],
	["dapi", HEX, 32],
	["hvs.", ALNUM, 95],
	["glsa_abcdefghijABCDEFGHIJ0123456789xy_", HEX, 8],
	["lin_api_", ALNUM, 40],
	["PMAK-0123456789abcdef01234567-", HEX, 34],
	["dckr_pat_", ALNUM, 27],
	["sq0csp-", ALNUM, 43],
	["key-", HEX, 32],
	["rubygems_", HEX, 48],
];

function token(random: Random): string {
	const [prefix, characters, length, tail = ""] = random.of(TOKENS);
	return `${prefix}${random.text(characters, length)}${tail}`;
}

function password(random: Random): Made {
	const value = `${random.text(ALNUM, random.between(6, 20))}${random.of(["", "!", "$9", "%40"])}`;
	const text = random.of([
		`postgres://app:${value}@db.internal:5432/orders`,
		`mysql://root:${value}@10-0-0-1/shop`,
		`redis://:${value}@cache:6379/0`,
		`amqp://guest:${value}@mq/vhost`,
		`mongodb+srv://svc:${value}@cluster0.example.net/db?w=1`,
		`https://deploy:${value}@git.example/repo.git`,
		`host=db port=5432 dbname=orders user=app password=${value}`,
		`Server=db;Database=orders;User Id=app;Password=${value};`,
		`Data Source=db;uid=sa;pwd=${value};Encrypt=true`,
		`jdbc:postgresql://db/orders?user=app&password=${value}&ssl=true`,
		`password='${value}' host=db user=app`,
	]);
	return { text, value };
}

/** A value, and the text that it is always part of. */
export interface Made {
	readonly text: string;
	readonly value: string;
}

const plain =
	(make: (random: Random) => string) =>
	(random: Random): Made => {
		const value = make(random);
		return { text: value, value };
	};

/** By kind; national numbers are made one by one. */
export const VALUES: Readonly<Record<string, (random: Random) => Made>> = {
	email: plain(email),
	phone,
	card: plain(card),
	iban: plain(iban),
	ip: plain(ip),
	jwt: plain(jwt),
	private_key: plain(privateKey),
	token: plain(token),
	password,
	person: plain((random) => random.of(NAMES)),
};

export { LOWER };
