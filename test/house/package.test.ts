import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, suite, test } from "node:test";
import { ensureBuilt } from "../../tools/setup/build.mjs";

const ROOT = resolve(import.meta.dirname, "../..");

interface Manifest {
	readonly version: string;
	readonly dependencies: Record<string, string>;
	readonly bundleDependencies: readonly string[];
	readonly overrides: Record<string, unknown>;
}

suite("the npm package", () => {
	const scratch = mkdtempSync(join(tmpdir(), "sallyport-package-"));
	const installed = join(scratch, "node_modules", "sallyport");
	const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
	after(() => rmSync(scratch, { recursive: true, force: true }));

	/** As npm would install it, but that the packages it depends on are those of this checkout. */
	before(async () => {
		await ensureBuilt();
		execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", scratch], {
			cwd: ROOT,
		});
		mkdirSync(installed, { recursive: true });
		execFileSync("tar", [
			"-xf",
			join(scratch, `sallyport-${manifest.version}.tgz`),
			"-C",
			installed,
			"--strip-components=1",
		]);
		for (const name of Object.keys(manifest.dependencies)) {
			if (manifest.bundleDependencies.includes(name)) continue;
			const link = join(scratch, "node_modules", name);
			mkdirSync(dirname(link), { recursive: true });
			symlinkSync(join(ROOT, "node_modules", name), link);
		}
	});

	const sallyport = (...args: string[]) =>
		execFileSync(process.execPath, [join(installed, "tools", "sallyport.mjs"), ...args], {
			cwd: scratch,
			encoding: "utf8",
		});

	test("brings along what only this checkout's overrides make installable", () => {
		assert.deepEqual(Object.keys(manifest.overrides), manifest.bundleDependencies);
		for (const name of manifest.bundleDependencies)
			assert.ok(existsSync(join(installed, "node_modules", name, "package.json")), name);
	});

	test("has all that the program reads: it runs from where it was put", () => {
		assert.equal(sallyport("--version").trim(), manifest.version);
		sallyport("policy", "init", "policy");
		assert.ok(existsSync(join(scratch, "policy", "library")));
		const shipped = join(installed, "tools", "prebuilt", "default.tar.gz");
		assert.match(sallyport("bundle", "verify", shipped), /revision/);
	});

	test("has the compiled policies that the demo starts with, and no source or test of the product", () => {
		for (const name of ["default", "demo", "demo-edited"])
			assert.ok(existsSync(join(installed, "tools", "prebuilt", `${name}.tar.gz`)), name);
		for (const name of ["src", "test", "bench"]) assert.equal(existsSync(join(installed, name)), false, name);
	});
});
