import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, test } from "node:test";

const LOCK = resolve(import.meta.dirname, "../../../tools/setup/lock.mjs");
const PROCESSES = 4;

let home: string;
beforeEach(() => {
	home = mkdtempSync(join(tmpdir(), "sallyport-lock-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A process that writes `in` and, a little later, `out` to a file while it holds the lock; then ends as told. */
function holder(file: string, ending = ""): Promise<unknown[]> {
	const script = `
		import { appendFileSync } from "node:fs";
		import { setTimeout as sleep } from "node:timers/promises";
		import { withLock } from ${JSON.stringify(LOCK)};
		await withLock("test", async () => {
			appendFileSync(${JSON.stringify(file)}, "in ");
			${ending}
			await sleep(50);
			appendFileSync(${JSON.stringify(file)}, "out ");
		});`;
	const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
		env: { ...process.env, XDG_CACHE_HOME: home },
		stdio: "inherit",
	});
	return once(child, "exit");
}

test("processes that want one lock have it one after the other", async () => {
	const file = join(home, "said");
	const ends = await Promise.all(Array.from({ length: PROCESSES }, () => holder(file)));
	assert.deepEqual(
		ends,
		ends.map(() => [0, null]),
	);
	assert.equal(readFileSync(file, "utf8"), "in out ".repeat(PROCESSES));
	assert.deepEqual(readdirSync(join(home, "sallyport", "locks")), []);
});

test("the lock of a process that was killed counts for nothing", async () => {
	const file = join(home, "said");
	assert.deepEqual(await holder(file, "process.kill(process.pid, 'SIGKILL');"), [null, "SIGKILL"]);
	assert.deepEqual(readdirSync(join(home, "sallyport", "locks")), ["test"]);
	writeFileSync(file, "");
	await Promise.all(Array.from({ length: PROCESSES }, () => holder(file)));
	assert.equal(readFileSync(file, "utf8"), "in out ".repeat(PROCESSES));
});

test("a lock is given back when the work fails", async () => {
	const file = join(home, "said");
	const [code] = await holder(file, "process.exit(3);");
	assert.equal(code, 3);
	assert.deepEqual(readdirSync(join(home, "sallyport", "locks")), []);
});
