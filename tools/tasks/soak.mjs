/** `npm run soak -- NAME`: many sessions for long, while everything around the gateway is killed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { ensureBuilt } from "../setup/build.mjs";
import { ensureOpa } from "../setup/opa.mjs";
import { ROOT } from "../setup/places.mjs";

export async function run(args) {
	await ensureOpa();
	await ensureBuilt();
	const child = spawn(process.execPath, [join(ROOT, "test", "soak", "main.ts"), ...args], {
		cwd: ROOT,
		stdio: "inherit",
	});
	const [code] = await once(child, "exit");
	process.exitCode = code ?? 1;
}
