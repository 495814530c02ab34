import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/**
 * One instance of the server's own parser, compiled to WebAssembly (libpg_query), spoken to directly: the packages'
 * JavaScript wrappers keep a single instance for good, and only 18's offers more than `parse`.
 *
 * An instance may be broken by what it is given: a native stack overflow leaves C's memory in the middle of things.
 * So whatever is thrown here means that the instance must not be used again; a plain syntax error is returned.
 */

export const MAJORS = [14, 15, 16, 17, 18] as const;
export type Major = (typeof MAJORS)[number];
/** The only build that carries fingerprints and the PL/pgSQL parser. */
export const FULL_MAJOR: Major = 18;

/** `position`: 1-based, in characters; 0 when the parser names none. `file`: the server's source file. */
export interface SqlFault {
	readonly message: string;
	readonly position: number;
	readonly file: string;
}

export type Parsed = { readonly json: string } | { readonly fault: SqlFault };

interface Emscripten {
	_malloc(bytes: number): number;
	_free(pointer: number): void;
	_wasm_parse_query_raw(text: number): number;
	_wasm_free_parse_result(result: number): void;
	_wasm_fingerprint?(text: number): number;
	_wasm_parse_plpgsql?(text: number): number;
	_wasm_free_string?(pointer: number): void;
}

type Factory = (options: {
	instantiateWasm(
		imports: ConstructorParameters<typeof WebAssembly.Instance>[1],
		done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
	): WebAssembly.Instance["exports"];
	print(line: string): void;
	printErr(line: string): void;
}) => Promise<Emscripten>;

const require = createRequire(import.meta.url);
/** Compiled code, which is immutable, by major: 10 ms to make, and then an instance takes 2. */
const compiled = new Map<Major, WebAssembly.Module>();

export class ParserInstance {
	readonly #module: Emscripten;
	readonly #memory: WebAssembly.Memory;

	private constructor(module: Emscripten, memory: WebAssembly.Memory) {
		this.#module = module;
		this.#memory = memory;
	}

	static async create(major: Major): Promise<ParserInstance> {
		let wasm = compiled.get(major);
		if (wasm === undefined) {
			wasm = await WebAssembly.compile(
				readFileSync(require.resolve(`libpg-query-${major}/wasm/libpg-query.wasm`)),
			);
			compiled.set(major, wasm);
		}
		const code = wasm;
		let memory: WebAssembly.Memory | undefined;
		const factory = require(`libpg-query-${major}/wasm/libpg-query.js`) as Factory;
		const module = await factory({
			instantiateWasm(imports, done) {
				const instance = new WebAssembly.Instance(code, imports);
				// Export names are minified and differ by build; the memory is the only one of its kind.
				memory = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory);
				done(instance, code);
				return instance.exports;
			},
			print: () => {},
			printErr: () => {},
		});
		if (memory === undefined) throw new Error(`libpg-query-${major} exports no memory`);
		return new ParserInstance(module, memory);
	}

	/** Bytes of its linear memory, which only ever grows; 128 MiB (mostly untouched) to begin with. */
	get memoryBytes(): number {
		return this.#memory.buffer.byteLength;
	}

	/** The raw parse tree as JSON. `text` must hold no NUL and no lone surrogate. */
	parse(text: string): Parsed {
		const input = this.#write(text === "" ? " " : text); // of an empty text the older builds make no tree at all
		const result = this.#module._wasm_parse_query_raw(input);
		if (result === 0) throw new Error("the parser ran out of memory");
		// struct { char *parse_tree; char *stderr_buffer; PgQueryError *error }
		const error = this.#word(result + 8);
		const parsed: Parsed =
			error === 0
				? { json: this.#read(this.#word(result)) }
				: {
						// struct { char *message, *funcname, *filename; int lineno, cursorpos; char *context }
						fault: {
							message: this.#read(this.#word(error)),
							file: this.#read(this.#word(error + 8)),
							position: this.#word(error + 16),
						},
					};
		this.#module._wasm_free_parse_result(result);
		this.#module._free(input);
		return parsed;
	}

	/** libpg_query's fingerprint, 16 hex digits; null when it has none for this text. Major 18 only. */
	fingerprint(text: string): string | null {
		const answer = this.#call(this.#module._wasm_fingerprint, text);
		// An error comes back as an ordinary string.
		return /^[0-9a-f]{16}$/.test(answer) ? answer : null;
	}

	/** The tree of each PL/pgSQL function and DO block of the text as JSON. Major 18 only. */
	plpgsql(text: string): Parsed {
		const answer = this.#call(this.#module._wasm_parse_plpgsql, text);
		if (answer.startsWith("{")) return { json: answer };
		return { fault: { message: answer, position: 0, file: "pl_gram.y" } };
	}

	#call(method: ((text: number) => number) | undefined, text: string): string {
		if (method === undefined || this.#module._wasm_free_string === undefined) {
			throw new Error("this build of the parser can't do that");
		}
		const input = this.#write(text);
		const result = method(input);
		const answer = this.#read(result);
		this.#module._wasm_free_string(result);
		this.#module._free(input);
		return answer;
	}

	#write(text: string): number {
		const bytes = Buffer.byteLength(text);
		const pointer = this.#module._malloc(bytes + 1);
		if (pointer === 0) throw new Error("the parser ran out of memory");
		const target = Buffer.from(this.#memory.buffer, pointer, bytes + 1);
		target.write(text);
		target[bytes] = 0;
		return pointer;
	}

	#read(pointer: number): string {
		if (pointer === 0) return "";
		const memory = Buffer.from(this.#memory.buffer);
		return memory.toString("utf8", pointer, memory.indexOf(0, pointer));
	}

	#word(pointer: number): number {
		return Buffer.from(this.#memory.buffer, pointer, 4).readInt32LE();
	}
}
