import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { republish } from "../../src/policy/build/index.ts";
import { PolicyRuntime } from "../../src/policy/index.ts";

export interface ReloadMemory {
	/** Bytes after the first reloads, and after all of them; each after a full collection. */
	readonly before: number;
	readonly after: number;
}

const QUIET = { debug() {}, info() {}, warn() {}, error() {} };
/** Reloads until all is loaded, compiled and grown to its size. */
const WARM = 20;

/**
 * What a runtime holds after `count` reloads of a bundle from a file, each revision another than the one before. The
 * memory is what the process has of the system.
 */
export async function reloadMemory(archive: Uint8Array, count: number): Promise<ReloadMemory> {
	setFlagsFromString("--expose-gc");
	const collect = runInNewContext("gc") as () => void;
	const directory = mkdtempSync(join(tmpdir(), "sallyport-reloads-"));
	const file = join(directory, "bundle.tar.gz");
	let sequence = Date.now();
	const put = async () => {
		sequence += 1;
		writeFileSync(file, (await republish(archive, { sequence })).archive);
	};
	await put();
	const polling = { min_delay_seconds: 600, max_delay_seconds: 600, superseded_etag_ttl_seconds: 0 };
	const bundle = {
		resource: `file://${file}`,
		polling,
		persist: false,
		size_limit_bytes: 1 << 30,
		trigger: "manual",
	} as const;
	const config = {
		services: {},
		bundles: { main: bundle },
		keys: {},
		labels: {},
		persistence_directory: directory,
	};
	const runtime = new PolicyRuntime(config, { log: QUIET });
	let activations = 0;
	runtime.onActivated(() => {
		activations += 1;
	});
	const held = async () => {
		for (let round = 0; round < 3; round += 1) {
			collect();
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		return process.memoryUsage().rss;
	};
	try {
		await runtime.start();
		let before = 0;
		for (let reload = 1; reload <= count + WARM; reload += 1) {
			await put();
			await runtime.trigger();
			if (reload === WARM) before = await held();
		}
		if (activations < count + WARM)
			throw new Error(`${activations} of ${count + WARM} revisions were activated`);
		return { before, after: await held() };
	} finally {
		await runtime.stop();
		rmSync(directory, { recursive: true, force: true });
	}
}
