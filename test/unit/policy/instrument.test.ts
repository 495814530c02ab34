import assert from "node:assert/strict";
import { before, test } from "node:test";
import { readArchive } from "../../../src/policy/bundle/archive.ts";
import { compileModule } from "../../../src/policy/engine/compile.ts";
import { BUDGET_EXPORT, FAULT_EXPORT, instrument } from "../../../src/policy/wasm/instrument.ts";
import { ByteReader, signedLeb, unsignedLeb } from "../../../src/policy/wasm/leb128.ts";
import { NATIVE_BUILTINS } from "../../../src/policy/wasm/native.ts";
import { readSections, SECTION, writeSections } from "../../../src/policy/wasm/sections.ts";
import { build, LIMITS, policyError, sources } from "./support.ts";

const STRICT = new Set(NATIVE_BUILTINS.values());

async function moduleOf(files: Record<string, string>): Promise<Buffer> {
	const wasm = (await readArchive(await build(files), LIMITS)).get("policy.wasm");
	assert.ok(wasm);
	return wasm;
}

let wasm: Buffer;
before(async () => {
	wasm = await moduleOf(
		sources('deny contains {"rule": "n", "message": "m", "remedy": null} if to_number(input.n) > 3'),
	);
});

test("the rewritten module is valid, a little larger, and exports its counters", async () => {
	const { bytes, ruleCalls } = instrument(wasm, STRICT);
	const module = await WebAssembly.compile(bytes);
	const names = WebAssembly.Module.exports(module).map(({ name }) => name);
	for (const name of [BUDGET_EXPORT, FAULT_EXPORT, "opa_value_get"]) assert.ok(names.includes(name), name);
	assert.ok(bytes.length > wasm.length && bytes.length < wasm.length * 1.4);
	assert.ok(ruleCalls.has("opa_to_number"));
	assert.deepEqual(instrument(wasm, STRICT).bytes, bytes);
});

test("a module that is not WebAssembly, is cut anywhere, or has bytes changed is refused or still valid", async () => {
	assert.throws(() => instrument(Buffer.from("not a module"), STRICT), RangeError);
	for (let i = 0; i < 200; i++) {
		const cut = wasm.subarray(0, Math.floor((wasm.length * i) / 200));
		await assert.rejects(compileModule(cut), policyError("bundle_module"));
	}
});

test("an instruction that is not understood is refused", () => {
	const simd = [0xfd, 0x0c, ...Array(16).fill(0), 0x1a, 0x0b]; // v128.const, drop, end
	const body = [0, ...simd];
	const code = [1, ...unsignedLeb(body.length), ...body];
	const sections = readSections(wasm).map((section) =>
		section.id === SECTION.code ? { id: section.id, body: Uint8Array.from(code) } : section,
	);
	assert.throws(() => instrument(writeSections(sections), STRICT), /unknown instruction 0xfd/);
});

test("a module without the names of its functions is refused: nothing could be made strict", async () => {
	const nameless = writeSections(readSections(wasm).filter(({ id }) => id !== SECTION.custom));
	await assert.rejects(compileModule(nameless), policyError("bundle_module", /names/));
});

const REFUSED = {
	"http.send": 'http.send({"method": "get", "url": input.url}).status_code == 200',
	"opa.runtime": "opa.runtime().env.HOME == input.home",
	"rand.intn": 'rand.intn("x", 10) > 3',
	"base64.decode": 'base64.decode(input.text) == "x"',
	"yaml.unmarshal": "yaml.unmarshal(input.text).a",
};
for (const [name, expression] of Object.entries(REFUSED)) {
	test(`a policy that calls ${name} is refused before it is ever asked`, async () => {
		const rule = `deny contains {"rule": "r", "message": "m", "remedy": null} if ${expression}`;
		const module = await moduleOf(sources(rule));
		await assert.rejects(
			compileModule(module),
			policyError("bundle_builtin", new RegExp(name.replace(".", "[._]"))),
		);
	});
}

test("a module that lacks an entrypoint is refused", async () => {
	const { "admin.rego": _, ...two } = sources();
	await assert.rejects(
		moduleOf(two).then((module) => compileModule(module)),
		policyError("bundle_no_entrypoint", /sallyport\/admin\/decision/),
	);
});

test("numbers are written and read back in LEB128", () => {
	for (const value of [0, 1, 63, 64, 127, 128, 16_384, 0x7fff_ffff, 0xffff_ffff]) {
		assert.equal(new ByteReader(Uint8Array.from(unsignedLeb(value))).unsigned(), value);
	}
	assert.deepEqual(signedLeb(-1), [0x7f]);
	assert.deepEqual(signedLeb(64), [0xc0, 0]);
	assert.deepEqual(signedLeb(0x7fff_ffff), [0xff, 0xff, 0xff, 0xff, 7]);
	assert.throws(() => new ByteReader(Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 1)).unsigned(), RangeError);
	assert.throws(() => new ByteReader(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x7f)).unsigned(), RangeError);
});
