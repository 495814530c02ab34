import { describeThrown } from "../../lib/index.ts";
import { PolicyError } from "../errors.ts";
import type { PolicyExports } from "./abi.ts";
import { type InputWrapper, makeInputWrapper } from "./input-wrapper.ts";
import type { CompiledModule } from "./policy-module.ts";

/**
 * The memory of an instance that holds the data document and has not evaluated anything: every instance begins as a
 * copy of it. Parsing a large data document takes seconds, copying its image milliseconds; the image is shared
 * between threads, so that the one that decides never parses it.
 */
export interface PolicyImage {
	/** From address 0 up to where evaluations allocate. */
	readonly memory: SharedArrayBuffer;
	/** Pages of 64 KiB that a memory needs for it. */
	readonly pages: number;
	readonly dataAddress: number;
	readonly wrapper: InputWrapper;
	/** The addresses of the wrapper's two keys. */
	readonly inputKey: number;
	readonly endKey: number;
	/** Where evaluations allocate. */
	readonly heapStart: number;
}

const PAGE = 65_536;

/** What a module may import, all from `env`. */
export const IMPORTS = [
	"opa_abort",
	"opa_println",
	"opa_builtin0",
	"opa_builtin1",
	"opa_builtin2",
	"opa_builtin3",
	"opa_builtin4",
] as const;

/** Imports for an instance that evaluates nothing. */
export function idleImports(memory: WebAssembly.Memory): Record<string, WebAssembly.ImportValue> {
	const refuse = () => {
		throw new Error("called before activation");
	};
	return { memory, ...Object.fromEntries(IMPORTS.map((name) => [name, refuse])) };
}

/** Parses the data document, JSON in UTF-8. Throws PolicyError bundle_invalid when it is none, or too large. */
export function makeImage(compiled: CompiledModule, data: Uint8Array, maximumPages: number): PolicyImage {
	const memory = new WebAssembly.Memory({ initial: 8, maximum: maximumPages });
	const instance = new WebAssembly.Instance(compiled.module, { env: idleImports(memory) });
	const exports = instance.exports as unknown as PolicyExports;
	const parse = (utf8: Uint8Array): number => {
		const address = exports.opa_malloc(utf8.length);
		new Uint8Array(memory.buffer).set(utf8, address);
		return exports.opa_json_parse(address, utf8.length);
	};
	const wrapper = makeInputWrapper();
	let dataAddress: number;
	try {
		dataAddress = parse(data);
	} catch (thrown) {
		throw new PolicyError("bundle_invalid", "the bundle's data can't be loaded", {
			operator: describeThrown(thrown),
			cause: thrown,
		});
	}
	if (dataAddress === 0) throw new PolicyError("bundle_invalid", "the bundle's data is not valid JSON");
	const inputKey = parse(Buffer.from(wrapper.inputKey));
	const endKey = parse(Buffer.from(wrapper.endKey));
	const heapStart = exports.opa_heap_ptr_get();
	const image = new SharedArrayBuffer(heapStart);
	new Uint8Array(image).set(new Uint8Array(memory.buffer, 0, heapStart));
	const pages = memory.buffer.byteLength / PAGE;
	return { memory: image, pages, dataAddress, wrapper, inputKey, endKey, heapStart };
}
