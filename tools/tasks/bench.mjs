/** `npm run bench -- NAME`: figures, outside of the tests; each in `bench/NAME/main.ts`. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ensureBuilt } from "../setup/build.mjs";
import { SetupFailure } from "../setup/failure.mjs";
import { ensureOpa } from "../setup/opa.mjs";
import { ROOT } from "../setup/places.mjs";

const BENCH = join(ROOT, "bench");
const mainOf = (name) => join(BENCH, name, "main.ts");

export async function run([name, ...args]) {
	const names = readdirSync(BENCH).filter((entry) => existsSync(mainOf(entry)));
	if (!names.includes(name)) {
		throw new SetupFailure(
			`There is no bench ${name ?? "given"}.`,
			`Use: npm run bench -- ${names.join("|")}`,
		);
	}
	await ensureOpa();
	await ensureBuilt();
	const child = spawn(process.execPath, [mainOf(name), ...args], { cwd: ROOT, stdio: "inherit" });
	const [code] = await once(child, "exit");
	process.exitCode = code ?? 1;
}
