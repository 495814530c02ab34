/** What this room uses of the JavaScript API of WebAssembly: TypeScript declares it only beside the browser's. */
declare namespace WebAssembly {
	type ImportValue = Memory | ((...values: number[]) => number | undefined);

	class Module {
		private constructor();
		static imports(module: Module): { module: string; name: string }[];
		static exports(module: Module): { name: string }[];
	}
	class Instance {
		constructor(module: Module, imports: Record<string, Record<string, ImportValue>>);
		readonly exports: Record<string, unknown>;
	}
	class Memory {
		constructor(descriptor: { initial: number; maximum?: number });
		readonly buffer: ArrayBuffer;
	}
	class Global {
		private constructor();
		value: number;
	}
	function compile(bytes: Uint8Array<ArrayBuffer>): Promise<Module>;
}
