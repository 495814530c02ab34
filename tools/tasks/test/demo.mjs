/** The demo, as somebody would start it, to its end. */
import { join } from "node:path";
import { attempt } from "../../setup/command.mjs";
import { ROOT } from "../../setup/places.mjs";
import { green, red } from "../style.mjs";

export async function playDemo() {
	const { ok, output } = await attempt(process.execPath, [join("dist", "cli", "main.js"), "demo", "--once"], {
		cwd: ROOT,
	});
	console.log(
		ok ? `  ${green("✓")} every step behaved` : `  ${red("✗")} the demo ended with a failure:\n${output}`,
	);
	return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}
