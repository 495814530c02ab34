/** `npm run demo`: the product's own command, in this process. It needs no opa: what it compiles is shipped compiled. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureBuilt } from "../setup/build.mjs";
import { ROOT } from "../setup/places.mjs";

export async function run(args) {
	await ensureBuilt();
	const main = join(ROOT, "dist", "cli", "main.js");
	process.argv = [process.argv[0], main, "demo", ...args];
	await import(pathToFileURL(main).href);
}
