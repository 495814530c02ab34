import assert from "node:assert/strict";
import { openSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { LogFile } from "../../../src/recording/log-file.ts";
import { scratch } from "./support.ts";

const never = (error: Error) => assert.fail(error);

test("all that ask for the disk in one turn share one sync; what comes while it runs shares the next", async (context) => {
	const file = LogFile.create(join(scratch(context), "log"), never);
	file.write(Buffer.from("one\n"));
	const first = file.sync();
	file.write(Buffer.from("two\n"));
	assert.equal(file.sync(), first);
	await new Promise((resolve) => setImmediate(resolve));
	file.write(Buffer.from("three\n"));
	const second = file.sync();
	assert.notEqual(second, first);
	assert.equal(file.sync(), second);
	await Promise.all([first, second, file.close()]);
	assert.equal(readFileSync(file.path, "utf8"), "one\ntwo\nthree\n");
	assert.equal(statSync(file.path).mode & 0o777, 0o600);
});

test("a file of that name is never opened again", (context) => {
	const path = join(scratch(context), "log");
	void LogFile.create(path, never).close();
	assert.throws(() => LogFile.create(path, never), { code: "EEXIST" });
});

test("a sync that fails is told to all that wait, and breaks the file", async () => {
	// Linux takes writes to /dev/null and refuses to sync it.
	const told: Error[] = [];
	const file = new LogFile("/dev/null", openSync("/dev/null", "w"), (error) => told.push(error));
	file.write(Buffer.from("one\n"));
	const first = file.sync();
	await new Promise((resolve) => setImmediate(resolve));
	const second = file.sync();
	await Promise.all([assert.rejects(first, { code: "EINVAL" }), assert.rejects(second, { code: "EINVAL" })]);
	assert.equal(told.length, 1);
	assert.equal(file.broken, true);
	await file.close();
});
