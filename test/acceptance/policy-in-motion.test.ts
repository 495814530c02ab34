import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { test } from "node:test";
import { ensureBuilt } from "../../tools/setup/build.mjs";

const ROOT = resolve(import.meta.dirname, "../..");

test("docs/policy-in-motion.mjs goes from an edit to every session and back, and says how long each step took", async () => {
	await ensureBuilt();
	const { code, output } = await new Promise<{ code: number; output: string }>((done) => {
		const env = { ...process.env, NO_COLOR: "1" };
		const script = resolve(ROOT, "docs/policy-in-motion.mjs");
		execFile(process.execPath, [script], { cwd: ROOT, env, timeout: 180_000 }, (error, stdout, stderr) =>
			done({ code: error === null ? 0 : 1, output: stdout + stderr }),
		);
	});
	assert.equal(code, 0, output);
	const steps = [...output.matchAll(/^== (.*)$/gm)].map(([, name]) => name ?? "");
	const expected = [
		"edit",
		"test",
		"build",
		"impact",
		"push",
		"enforced",
		"which gateway",
		"roll back",
		"enforced",
	];
	assert.deepEqual(
		steps.slice(2).map((name, at) => name.startsWith(expected[at] ?? "")),
		expected.map(() => true),
	);
	assert.equal([...output.matchAll(/^ {3}\d+ ms$/gm)].length, steps.length);
	assert.match(output, /newly denied[\s\S]*payments-audit/);
});
