import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../../src/policy/build/package-root.ts";
import { directoryOf } from "./support.ts";

const TOOL = join(packageRoot(), "tools", "opa.mjs");

/** Runs the command with nothing but this environment. */
function locate(env: Record<string, string>): Promise<{ code: number; stdout: string; stderr: string }> {
	return new Promise((resolve) => {
		execFile(process.execPath, [TOOL], { env }, (error, stdout, stderr) => {
			resolve({ code: error === null ? 0 : Number(error.code), stdout: stdout.trim(), stderr });
		});
	});
}

/** A program that says it is that version of opa. */
async function claims(path: string, version: string): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	await writeFile(path, `#!/bin/sh\necho 'Version: ${version}'\n`);
	await chmod(path, 0o755);
}

test("an opa on PATH that is new enough is taken", async (context) => {
	const home = await directoryOf(context, {});
	for (const version of ["1.22.3", "1.22.10", "1.30.0"]) {
		await claims(join(home, "bin/opa"), version);
		const { stdout } = await locate({ HOME: home, PATH: join(home, "bin") });
		assert.equal(stdout, join(home, "bin/opa"), version);
	}
});

test("the one that SALLYPORT_OPA names comes first, and has to be new enough", async (context) => {
	const home = await directoryOf(context, {});
	await claims(join(home, "bin/opa"), "1.22.3");
	await claims(join(home, "other"), "1.25.0");
	const env = { HOME: home, PATH: join(home, "bin"), SALLYPORT_OPA: join(home, "other") };
	assert.equal((await locate(env)).stdout, join(home, "other"));
	await claims(join(home, "other"), "0.70.0");
	const { code, stderr } = await locate(env);
	assert.equal(code, 1);
	assert.match(stderr, /SALLYPORT_OPA names .*other, which is version 0\.70\.0/);
});

test("an older one, or one of the next major version, is passed over for the cache", async (context) => {
	const home = await directoryOf(context, {});
	await claims(join(home, "cache/sallyport/opa/1.22.3/opa"), "1.22.3");
	for (const version of ["1.22.2", "1.9.0", "2.0.0"]) {
		await claims(join(home, "bin/opa"), version);
		const { stdout } = await locate({
			HOME: home,
			PATH: join(home, "bin"),
			XDG_CACHE_HOME: join(home, "cache"),
		});
		assert.equal(stdout, join(home, "cache/sallyport/opa/1.22.3/opa"), version);
	}
});

test("without any, and without Go, it says what was tried and what to do", async (context) => {
	const home = await directoryOf(context, {});
	const { code, stderr } = await locate({ HOME: home, PATH: join(home, "bin") });
	assert.equal(code, 1);
	assert.match(stderr, /opa on PATH: not found/);
	assert.match(stderr, /\.cache\/sallyport\/opa\/1\.22\.3\/opa: not found/);
	assert.match(stderr, /there is no Go on PATH/);
	assert.match(stderr, /Do one of these/);
});

test("a Go that can't build it is quoted", async (context) => {
	const home = await directoryOf(context, {});
	await mkdir(join(home, "bin"));
	await writeFile(
		join(home, "bin/go"),
		'#!/bin/sh\n[ "$1" = version ] && exit 0\necho "no route to proxy" >&2\nexit 1\n',
	);
	await chmod(join(home, "bin/go"), 0o755);
	const { code, stderr } = await locate({ HOME: home, PATH: join(home, "bin") });
	assert.equal(code, 1);
	assert.match(stderr, /go install .*@v1\.22\.3`: no route to proxy/);
});

test("what Go builds is kept in the cache and found there the next time", async (context) => {
	const home = await directoryOf(context, {});
	await mkdir(join(home, "bin"));
	await claims(join(home, "built"), "1.22.3");
	const script = `#!/bin/sh\n[ "$1" = version ] && exit 0\n/bin/cp '${home}/built' "$GOBIN/opa"\n`;
	await writeFile(join(home, "bin/go"), script);
	await chmod(join(home, "bin/go"), 0o755);
	const env = { HOME: home, PATH: join(home, "bin") };
	const first = await locate(env);
	assert.equal(first.stdout, join(home, ".cache/sallyport/opa/1.22.3/opa"));
	assert.match(first.stderr, /Building opa 1\.22\.3 with Go, once/);
	const second = await locate(env);
	assert.equal(second.stdout, first.stdout);
	assert.equal(second.stderr, "");
});
