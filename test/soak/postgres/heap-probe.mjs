/**
 * Loaded into the gateway beside its own code (`node --expose-gc --import`): at SIGUSR2 it collects everything that
 * can be and writes what is left, so that memory which is held can be told from memory which the engine keeps for
 * later. Nothing else can: resident memory shows both.
 */
import { renameSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const file = process.env.SALLYPORT_SOAK_HEAP;

if (isMainThread && file !== undefined) {
	let count = 0;
	process.on("SIGUSR2", () => {
		globalThis.gc();
		globalThis.gc(); // what the first one's finalizers let go of
		const { heapUsed, external } = process.memoryUsage();
		writeFileSync(`${file}.next`, JSON.stringify({ count: ++count, heapUsed, external }));
		renameSync(`${file}.next`, file);
	});
}
