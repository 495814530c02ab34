import { card, iban, NATIONAL } from "./numbers.ts";
import { ALNUM, BASE64URL, HEX, LOWER, type Random } from "./random.ts";

/** The same number with its last digit, or a check digit, changed: nobody's. */
function spoilt(number: string, at: number): string {
	const digit = Number(number[at]);
	return Number.isNaN(digit) ? number : number.slice(0, at) + String((digit + 1) % 10) + number.slice(at + 1);
}

const lastDigit = (text: string) => text.search(/\d\D*$/);
const uuid = (r: Random) => [8, 4, 4, 4, 12].map((length) => r.text(HEX, length)).join("-");
const decimalUuid = (r: Random) => [8, 4, 4, 4, 12].map((length) => r.digits(length)).join("-");

/** Texts that look like something to be found, by what they are. In none of them is anything of the kind. */
export const NEGATIVES: Readonly<Record<string, (random: Random) => string>> = {
	orderOfSixteen: (r) => `Order ${r.digits(16)}`,
	orderInGroups: (r) => `order no. ${r.digits(4)}-${r.digits(4)}-${r.digits(4)}-${r.digits(4)}`,
	orderOfNineteen: (r) => `order_id=${r.between(1, 9)}${r.digits(18)}`,
	orderTwelve: (r) => `${r.digits(4)} ${r.digits(4)} ${r.digits(4)}`,
	invoice: (r) => `INV-${r.digits(11)}`,
	invoiceDated: (r) => `2024${r.digits(4)}-${r.digits(4)}`,
	nineDigits: (r) => `customer ${r.digits(9)}`,
	tenDigits: (r) => `ticket #${r.between(1, 9)}${r.digits(9)}`,
	eightDigits: (r) => `item ${r.digits(8)}`,
	eightAndLetter: (r) => `batch ${r.digits(8)}I`,
	cardWithWrongCheck: (r) => {
		const number = card(r);
		return spoilt(number, lastDigit(number));
	},
	luhnOfNoNetwork: (r) => `99${r.digits(14)}`,
	ibanWithWrongCheck: (r) => spoilt(iban(r), 3),
	ibanLike: (r) => `GB${r.between(10, 97)}${r.text("ABCDEFGHIJ", 4)}${r.digits(13)}`,
	nationalWithWrongCheck: (r) => {
		// SSNs and numbers that a word must announce have no check to be wrong.
		const names = [
			"ch_ahv",
			"fi_hetu",
			"pl_pesel",
			"no_fodselsnummer",
			"tr_kimlik",
			"za_id",
			"fr_nir",
			"es_nie",
		];
		const number = NATIONAL[r.of(names)]?.make(r) ?? "";
		return spoilt(number, /[-]\d{3}\w$/.test(number) ? number.length - 2 : lastDigit(number));
	},
	unixSeconds: (r) => `ts=${r.between(1_600_000_000, 1_799_999_999)}`,
	unixMillis: (r) => `"at": ${r.between(1_600_000_000, 1_799_999_999)}${r.digits(3)}`,
	unixNanos: (r) => `${r.between(1_600_000_000, 1_799_999_999)}${r.digits(9)}`,
	compactDate: (r) => `20240${r.between(1, 9)}15${r.digits(6)}`,
	date: (r) =>
		`20${r.between(10, 30)}-0${r.between(1, 9)}-${r.between(10, 28)} ${r.between(10, 23)}:${r.between(10, 59)}:${r.between(10, 59)}.${r.digits(6)}+00`,
	dateOfEurope: (r) =>
		`am ${r.between(10, 28)}.0${r.between(1, 9)}.20${r.between(10, 30)} um ${r.between(10, 23)}:${r.between(10, 59)}`,
	dateRange: (r) => `2024-01-0${r.between(1, 9)}/2024-02-${r.between(10, 28)}`,
	uuid,
	decimalUuid,
	sha: (r) => `commit ${r.text(HEX, 40)}`,
	md5: (r) => r.text(HEX, 32),
	version: (r) => `version ${r.between(1, 9)}.${r.between(0, 20)}.${r.between(0, 200)}.${r.between(0, 200)}`,
	versionV: (r) => `v${r.between(1, 9)}.${r.between(0, 20)}.${r.between(0, 9)}.${r.between(0, 9)}`,
	browser: (r) => `Mozilla/5.0 Chrome/${r.between(80, 130)}.0.0.0 Safari/537.36`,
	fiveParts: (r) => `section ${r.between(1, 9)}.2.3.4.${r.between(1, 9)}`,
	oid: (r) => `1.3.6.1.4.1.${r.between(1, 60_000)}.2.3`,
	badOctet: (r) => `${r.between(256, 999)}.1.2.3`,
	leadingZeros: (r) => `010.0${r.between(1, 9)}.000.1`,
	threeParts: (r) => `${r.between(1, 200)}.${r.below(200)}.${r.below(200)}`,
	mac: (r) => Array.from({ length: 6 }, () => r.text(HEX, 2)).join(":"),
	time: (r) => `${r.between(10, 23)}:${r.between(10, 59)}:${r.between(10, 59)}`,
	scope: (r) =>
		r.of(["std::string", "Foo::Bar::baz", "a::b", "Face::Add", "ns::dead", "'x'::text", "id::bigint"]),
	sliced: (r) => `xs[${r.below(9)}::2] and ys[1:${r.between(2, 9)}]`,
	package: (r) => `${r.text(LOWER, 6)}@${r.between(1, 9)}.${r.between(0, 20)}.${r.between(0, 20)}`,
	scopedPackage: (r) => `@${r.text(LOWER, 5)}/${r.text(LOWER, 6)}@^${r.between(1, 9)}.0.0`,
	image: (r) => `${r.text(LOWER, 6)}@2x.png`,
	mention: (r) => `cc @${r.text(LOWER, 7)} and @${r.text(LOWER, 5)}.${r.text(LOWER, 4)}`,
	localUser: (r) => `${r.text(LOWER, 5)}@localhost`,
	unit: (r) => `getty@tty${r.between(1, 6)}.service`,
	decorator: (r) => `@app.route("/${r.text(LOWER, 4)}") def f(): pass`,
	base64: (r) => r.text(`${ALNUM}+/`, r.between(40, 120)),
	base64Json: (r) =>
		Buffer.from(JSON.stringify({ page: r.digits(4), next: r.text(ALNUM, 12) })).toString("base64"),
	dottedBase64: (r) =>
		`${Buffer.from(JSON.stringify({ page: 1, next: r.digits(6) })).toString("base64url")}.${r.text(BASE64URL, 20)}.${r.text(BASE64URL, 20)}`,
	cursor: (r) => `eyJ${r.text(ALNUM, 30)}`,
	publicKey: (r) => `-----BEGIN PUBLIC KEY-----\n${r.text(`${ALNUM}+/`, 64)}\n-----END PUBLIC KEY-----`,
	certificate: (r) => `-----BEGIN CERTIFICATE-----\n${r.text(`${ALNUM}+/`, 64)}\n-----END CERTIFICATE-----`,
	heading: (r) => `----- BEGIN ${r.text("ABCDEF", 5)} -----`,
	shortToken: (r) => `ghp_${r.text(ALNUM, 12)}`,
	placeholderToken: () => "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
	exampleKey: () => "AKIAIOSFODNN7EXAMPLE",
	identifier: (r) =>
		`${r.of(["sk", "npm", "key", "hf", "pat", "secret"])}_${r.text(LOWER, 8)}_${r.text(LOWER, 6)}`,
	customerId: (r) => `cus_${r.text(ALNUM, 14)}`,
	chargeId: (r) => `ch_${r.digits(16)}`,
	urlWithoutPassword: (r) => `postgres://app@db-${r.between(1, 9)}/orders`,
	urlWithPlaceholder: (r) =>
		`postgres://app:${r.of(["***", "$PASSWORD", "<password>", "{{pw}}", "%s"])}@db/orders`,
	urlWithPort: (r) => `https://example-${r.between(1, 9)}:8443/path?q=a:b@c`,
	passwordNotSet: (r) => `host=db user=app password=${r.of(["***", "$(pass db)", "<secret>", "xxxxxx"])}`,
	passwordProse: (r) => `Your password = nothing we know, row ${r.digits(2)}`,
	zip: (r) => `${r.digits(5)}-${r.digits(4)}`,
	isbn: (r) => `ISBN 978-3-16-1484${r.between(10, 99)}-0`,
	score: (r) => `${r.below(9)}-${r.below(9)}, ${r.below(9)}-${r.below(9)}, ${r.below(9)}-${r.below(9)}`,
	money: (r) => `EUR ${r.between(1, 999)},${r.digits(3)},${r.digits(3)}.00`,
	moneyDots: (r) => `${r.between(1, 999)}.${r.digits(3)}.${r.digits(3)},00 €`,
	decimal: (r) => `0.${r.digits(16)}`,
	negative: (r) => `-${r.digits(7)}.${r.digits(4)}`,
	coordinates: (r) => `${r.between(10, 80)}.${r.digits(7)}, -${r.between(10, 80)}.${r.digits(7)}`,
	part: (r) => `P/N ${r.digits(3)}-${r.digits(5)}-${r.digits(2)}`,
	sums: (r) => `${r.digits(3)} + ${r.digits(3)} = ${r.digits(4)}`,
	size: (r) => `${r.between(100, 999)}x${r.between(100, 999)} px, ${r.digits(7)} bytes`,
	range: (r) => `rows ${r.digits(5)}-${r.digits(5)}`,
	lsn: (r) => `0/${r.text("0123456789ABCDEF", 8)}`,
	xid: (r) => `xid ${r.digits(9)}, lsn ${r.text("0123456789ABCDEF", 2)}/${r.text("0123456789ABCDEF", 8)}`,
	hexColour: (r) => `#${r.text(HEX, 6)}; border: 1px`,
	arn: (r) => `arn:aws:iam::${r.digits(12)}:role/${r.text(LOWER, 8)}`,
	nearName: (r) =>
		r.of(["Adam Lovelacey", "Gracehopper", "olumideX", "Josefina Garcia", "Hoppergrace", "брат Иванов"]),
	prose: (r) =>
		r.of([
			"The meeting is on Monday; bring 3 copies.",
			"Die Lieferung kommt in 14 Tagen.",
			"La facture no 2024/118 reste ouverte.",
			"El pedido salió ayer a las 10:15.",
			"第3章 第12節を参照してください。",
			"Ничего не найдено по запросу 118.",
		]),
};
