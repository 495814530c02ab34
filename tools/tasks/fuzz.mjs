/** `npm run fuzz -- NAME [--seed N] [--seconds S]`: what the tests try from kept seeds, from any others. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { ensureBuilt } from "../setup/build.mjs";
import { ensureOpa } from "../setup/opa.mjs";
import { ROOT } from "../setup/places.mjs";

export async function run(args) {
	await ensureOpa();
	await ensureBuilt();
	const { ensureClients } = await import("../../test/support/clients/set-up.ts");
	await ensureClients();
	const child = spawn(process.execPath, [join(ROOT, "fuzz", "main.ts"), ...args], {
		cwd: ROOT,
		stdio: "inherit",
	});
	const [code] = await once(child, "exit");
	process.exitCode = code ?? 1;
}
