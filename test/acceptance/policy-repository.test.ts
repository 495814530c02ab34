/** A policy repository of a user's own, from nothing to a bundle, by the built product and the real opa. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { after, before, describe, it } from "node:test";
import { parse } from "yaml";
import { resolveOpa } from "../../tools/opa.mjs";
import { runCli } from "../support/gateway.ts";

const MAIN = resolve(import.meta.dirname, "../../dist/cli/main.js");

describe("a policy repository", () => {
	let directory: string;
	let env: NodeJS.ProcessEnv;
	const at = (name: string) => join(directory, name);
	const check = (): Promise<{ code: number; said: string }> =>
		new Promise((done) => {
			execFile(at("check.sh"), { env }, (error, stdout, stderr) =>
				done({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
			);
		});

	before(async () => {
		const home = mkdtempSync(join(tmpdir(), "sallyport-init-"));
		directory = join(home, "repository");
		const opa = await resolveOpa({ quiet: true });
		const bin = join(home, "bin");
		mkdirSync(bin);
		writeFileSync(join(bin, "sallyport"), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
		chmodSync(join(bin, "sallyport"), 0o755);
		env = { ...process.env, PATH: [bin, dirname(opa), process.env["PATH"]].join(delimiter) };
		const made = await runCli(["policy", "init", directory]);
		assert.equal(made.code, 0, made.stderr);
	});
	after(() => rmSync(dirname(directory), { recursive: true, force: true }));

	it("passes its own checks at once, and a bundle comes out of them", async () => {
		const { code, said } = await check();
		assert.equal(code, 0, said);
		assert.match(said, /PASS: 3\/3/);
		assert.match(said, /3 of 3 passed\ndearest: payments_test\.\w+, \d+ budget units/);
		assert.ok(existsSync(at("bundle.tar.gz")));
	});

	it("its workflow runs the checks, the impact and the push", () => {
		const { jobs } = parse(readFileSync(at(".github/workflows/policy.yml"), "utf8"));
		const runs = jobs.policy.steps.map(({ run }: { run?: string }) => run ?? "").join("\n");
		for (const wanted of [
			"./check.sh",
			"policy impact --candidate bundle.tar.gz",
			"--fail-on 'newly-denied>0'",
			"bundle push",
		]) {
			assert.ok(runs.includes(wanted), wanted);
		}
		const script = readFileSync(at("check.sh"), "utf8");
		for (const wanted of ["fmt --fail", "check --strict --schema schemas", "test library policy tests"]) {
			assert.ok(script.includes(wanted), wanted);
		}
	});

	it("a misspelt field, a failing test and a dear one each end the checks", async () => {
		const rule = readFileSync(at("policy/payments.rego"), "utf8");
		const broken = async (content: string) => {
			writeFileSync(at("policy/payments.rego"), content);
			const { code, said } = await check();
			writeFileSync(at("policy/payments.rego"), rule);
			assert.notEqual(code, 0, said);
			return said;
		};
		const misspelt = rule.replace("principal.is_agent", 'input.princpal.kind == "agent"');
		assert.match(
			await broken(misspelt.replace("import data.sallyport.principal\n", "")),
			/undefined ref: input\.princpal/,
		);
		assert.match(await broken(rule.replace("principal.is_agent", "not principal.is_agent")), /FAIL/);
		const dear = await runCli(["policy", "test", at("policy"), at("tests"), "--max-cost", "10"]);
		assert.equal(dear.code, 1);
		assert.match(
			dear.stdout,
			/payments_test\.rego:\d+ +payments_test\.test_\w+: it costs \d+ units, more than 10/,
		);
		assert.match(dear.stdout, /0 of 3 passed/);
	});

	it("is not made where something is already", async () => {
		const { code, stderr } = await runCli(["policy", "init", directory]);
		assert.equal(code, 1);
		assert.match(stderr, /name a new or an empty directory/);
	});
});
