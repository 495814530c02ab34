/** The policies' own tests, and that they reach every rule that is shipped. */
import { execFile } from "node:child_process";
import { ensureOpa } from "../../setup/opa.mjs";
import { ROOT } from "../../setup/places.mjs";
import { dim, green, red } from "../style.mjs";

const TREES = ["policies", "policy-tests"];

export async function testPolicies() {
	const opa = await ensureOpa();
	const results = await json(opa, ["test", ...TREES, "--format", "json"]);
	const failed = results.filter(({ fail, error, skip }) => fail || error || skip);
	for (const { location, name } of failed) {
		console.log(`  ${red("✗")} ${name} ${dim(`${location.file}:${location.row}`)}`);
	}
	const { files } = await json(opa, ["test", ...TREES, "--coverage", "--format", "json"]);
	const gaps = Object.entries(files).flatMap(([file, { not_covered: lines = [] }]) =>
		file.startsWith("policies/") ? lines.map(({ start }) => `${file}:${start.row}`) : [],
	);
	for (const gap of gaps) console.log(`  ${red("✗")} no test reaches ${gap}`);
	if (gaps.length === 0) console.log(`  ${green("✓")} every shipped rule is reached`);
	return {
		passed: results.length - failed.length + (gaps.length === 0 ? 1 : 0),
		failed: failed.length + (gaps.length === 0 ? 0 : 1),
	};
}

/** `opa test` exits with 2 when a test fails, having printed its report all the same. */
function json(opa, args) {
	return new Promise((resolve, reject) => {
		execFile(opa, args, { cwd: ROOT, maxBuffer: 256 << 20 }, (error, stdout, stderr) => {
			try {
				resolve(JSON.parse(stdout));
			} catch {
				reject(new Error(`opa ${args.join(" ")}: ${stderr || stdout || error?.message}`));
			}
		});
	});
}
