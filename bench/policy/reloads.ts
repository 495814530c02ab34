import { readFile } from "node:fs/promises";
import { reloadMemory } from "../../test/support/reloads.ts";
import { DEFAULT_BUNDLE } from "./places.ts";

/** What stays in memory of a thousand reloads. */
export async function benchReloads(quick: boolean): Promise<void> {
	const count = quick ? 100 : 1_000;
	const started = performance.now();
	const { before, after } = await reloadMemory(await readFile(DEFAULT_BUNDLE), count);
	const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
	const each = ((performance.now() - started) / count).toFixed(0);
	console.log(
		`${count} reloads (${each} ms each): ${megabytes(before)} MB before, ${megabytes(after)} MB after\n`,
	);
}
