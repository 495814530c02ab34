/** Random calls of the host's builtins through the gateway's engine and through `opa eval`: the answers are equal. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compile, opaEval, sortedDeep } from "./support.ts";

const SEED = 20_261_126;
const CALLS = 240;

const json = (value: unknown) => JSON.stringify(value);
/** Texts in which what matters is frequent: quotes, percent signs, characters beyond ASCII, the empty one. */
const text = fc.string({
	unit: fc.constantFrom("a", "B", "z", "0", "9", " ", ".", "-", "%", "/", "é", "€", "\u{1f600}", '"', "\n"),
	maxLength: 12,
});
const whole = fc.integer({ min: -50, max: 50 });
const number = fc.oneof(
	whole,
	fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => Number(value.toFixed(3))),
);
const byte = fc.integer({ min: 0, max: 255 });
const address = fc.tuple(byte, byte, byte, byte).map((parts) => parts.join("."));
const network = fc.tuple(address, fc.integer({ min: 8, max: 32 })).map(([ip, bits]) => `${ip}/${bits}`);
const version = fc
	.tuple(fc.nat(20), fc.nat(20), fc.nat(20), fc.constantFrom("", "-rc.1", "-beta"))
	.map(([a, b, c, pre]) => `${a}.${b}.${c}${pre}`);
const nanos = fc.bigInt({ min: -(10n ** 18n), max: 3n * 10n ** 18n }).map(String);
const pattern = fc.constantFrom("a+", "[a-z]", "(B|z)0?", "^.", "\\d+", "é|€", "");
const verb = fc.constantFrom(
	"%v",
	"%d",
	"%s",
	"%5d",
	"%-6s|",
	"%x",
	"%q",
	"%05.1f",
	"%t",
	"%e",
	"%c",
	"%%",
	"%10.3v",
);
const plain = fc.oneof(
	text,
	number,
	fc.boolean(),
	fc.array(whole, { maxLength: 3 }),
	fc.dictionary(fc.constantFrom("a", "b"), whole),
);

const call = fc.oneof(
	fc.tuple(verb, plain).map(([format, value]) => `sprintf(${json(`<${format}>`)}, [${json(value)}])`),
	fc
		.tuple(text, pattern, text)
		.map(([value, re, to]) => `regex.replace(${json(value)}, ${json(re)}, ${json(to)})`),
	fc.tuple(pattern, text).map(([re, value]) => `regex.split(${json(re)}, ${json(value)})`),
	fc
		.tuple(fc.array(text, { maxLength: 3 }), fc.array(text, { maxLength: 3 }))
		.map(([a, b]) => `strings.any_prefix_match(${json(a)}, ${json(b)})`),
	fc.tuple(text, text).map(([a, b]) => `strings.any_suffix_match(${json(a)}, ${json(b)})`),
	fc.tuple(network, network).map(([a, b]) => `net.cidr_contains(${json(a)}, ${json(b)})`),
	fc.array(network, { minLength: 1, maxLength: 4 }).map((list) => `net.cidr_merge(${json(list)})`),
	fc.tuple(version, version).map(([a, b]) => `semver.compare(${json(a)}, ${json(b)})`),
	nanos.map((ns) => `time.date(${ns})`),
	nanos.map((ns) => `time.clock([${ns}, "Europe/Berlin"])`),
	nanos.map((ns) => `time.weekday(${ns})`),
	nanos.map((ns) => `time.format(${ns})`),
	fc.tuple(nanos, whole, whole, whole).map(([ns, y, m, d]) => `time.add_date(${ns}, ${y}, ${m}, ${d})`),
	fc.tuple(nanos, nanos).map(([a, b]) => `time.diff(${a}, ${b})`),
	fc
		.tuple(
			fc.dictionary(fc.constantFrom("a", "b", "c"), whole),
			fc.dictionary(fc.constantFrom("a", "b"), whole),
		)
		.map(([a, b]) => `object.subset(${json(a)}, ${json(b)})`),
	fc
		.tuple(fc.dictionary(fc.constantFrom("a", "b"), whole), whole)
		.map(
			([object, value]) => `json.patch(${json(object)}, [{"op": "add", "path": "/c", "value": ${value}}])`,
		),
	plain.map((value) => `json.marshal(${json(value)})`),
	text.map((value) => `crypto.sha256(${json(value)})`),
	fc.tuple(text, text).map(([value, key]) => `crypto.hmac.sha256(${json(value)}, ${json(key)})`),
	text.map((value) => `urlquery.encode(${json(value)})`),
	text.map((value) => `hex.encode(${json(value)})`),
	fc
		.tuple(fc.nat(2_000), fc.constantFrom("K", "Mi", "m", "", "G"))
		.map(([count, unit]) => `units.parse(${json(`${count}${unit}`)})`),
	fc
		.tuple(whole, whole, fc.integer({ min: 1, max: 9 }))
		.map(([a, b, step]) => `numbers.range_step(${a}, ${b}, ${step})`),
);

test(`${CALLS} random calls give what opa eval gives`, async () => {
	const calls = [...new Set(fc.sample(call, { seed: SEED, numRuns: CALLS }))];
	const module = `package random\n\n${calls.map((each, at) => `r${at} := ${each}`).join("\n\n")}\n`;
	const ask = await compile(
		[module],
		calls.map((_, at) => `random/r${at}`),
	);
	// Without strict errors, so that one query answers for all: what fails is missing.
	const [all] = await opaEval([module], {}, ["data.random"], { strict: false });
	assert.ok(all !== undefined && "results" in all);
	const wanted = all.results[0] as Record<string, unknown>;
	let answered = 0;
	for (const [at, each] of calls.entries()) {
		const outcome = ask(`random/r${at}`, {});
		const value = wanted[`r${at}`];
		if ("error" in outcome || outcome.results.length === 0)
			assert.equal(value, undefined, `${each}: ${JSON.stringify(outcome)}`);
		else {
			answered++;
			assert.deepEqual(sortedDeep(outcome.results[0]), sortedDeep(value), each);
		}
	}
	assert.ok(answered > calls.length * 0.8, `${answered} of ${calls.length} have an answer`);
});
