import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, statSync, truncateSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type RecordingError, verifyRecord } from "../../../src/recording/index.ts";
import { RecordingProcess, until } from "./recording-process.ts";
import {
	command,
	failure,
	files,
	KeptLog,
	lines,
	openRecorder,
	recordDir,
	scratch,
	start,
} from "./support.ts";

/** The ways to take a process's disk away that this machine allows. A bound on sizes needs no rights at all. */
const MEANS = ["a bound on the size of files", ...(mayMount() ? ["a full tmpfs"] : [])];

function mayMount(): boolean {
	try {
		execFileSync("unshare", ["--mount", "--map-root-user", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], {
			stdio: "ignore",
		});
		return true;
	} catch {
		return false;
	}
}

for (const means of MEANS) {
	for (const durability of ["write", "fsync"] as const) {
		test(`nothing is acknowledged while the disk is full, and it goes on by itself (${means}, ${durability})`, async (context) => {
			const disk = scratch(context);
			const dataDir = join(disk, "data");
			const tmpfs = means === "a full tmpfs";
			const mount = `mount -t tmpfs -o size=512k tmpfs ${disk} && exec "$@"`;
			const wrapper = tmpfs ? ["unshare", "--mount", "--map-root-user", "sh", "-c", mount, "sh"] : [];
			const child = await RecordingProcess.start(context, dataDir, durability, wrapper);
			const filler = join(disk, "filler");
			const text = "x".repeat(3000);
			await child.ask("start s1");
			assert.equal((await child.ask(`command before ${text}`))["ok"], true);

			if (tmpfs) await child.ask(`fill ${filler}`);
			else child.limit(0);
			let full: Record<string, unknown> = {};
			let acknowledged = 0;
			await until(async () => {
				full = await child.ask(`command filling-${acknowledged} ${text}`);
				if (full["ok"] === true) acknowledged++;
				// Where a long line has no room, the short one that says that it goes on may still have some.
				return full["ok"] === false && (await child.ask("healthy"))["healthy"] === false;
			});
			assert.equal(full["code"], "record_unwritable");
			assert.match(String(full["operator"]), tmpfs ? /ENOSPC/ : /EFBIG/);
			assert.equal((await child.ask(`command refused ${text}`))["ok"], false);
			assert.equal((await child.ask("later before"))["ok"], true, "kept for when there is room");

			if (tmpfs) await child.ask(`free ${filler}`);
			else child.limit("unlimited");
			await until(async () => (await child.ask("healthy"))["healthy"] === true);
			assert.equal((await child.ask(`command after ${text}`))["ok"], true);
			await child.ask("end s1");

			const directory = tmpfs ? `/proc/${child.process.pid}/root${dataDir}` : dataDir;
			assert.equal(statSync(directory).isDirectory(), true);
			const recorded = lines(directory);
			const ids = recorded.map((line) => line["id"] ?? line["type"]);
			assert.ok(ids.includes("before") && ids.includes("after") && !ids.includes("refused"));
			for (let n = 0; n < acknowledged; n++) assert.ok(ids.includes(`filling-${n}`));
			assert.ok(!ids.includes(`filling-${acknowledged}`));
			const recovered = recorded.find((line) => line["type"] === "recovered");
			assert.equal(recovered?.["lost"], 0);
			const later = recorded.slice(ids.indexOf("recovered"));
			assert.ok(
				later.some((line) => line["type"] === "outcome" || line["before"] !== undefined),
				"the outcome was kept",
			);
			const result = await verifyRecord(recordDir(directory));
			assert.deepEqual([result.ok, result.problems], [true, []]);
			assert.equal((await child.ask("close"))["ok"], true);
		});
	}
}

test("a file that can't grow any more is left, and the log goes on in the next", async (context) => {
	const dataDir = scratch(context);
	const child = await RecordingProcess.start(context, dataDir);
	await child.ask("start s1");
	child.limit(20_000);
	const acknowledged: string[] = [];
	await until(async () => {
		const id = `c${acknowledged.length}`;
		if ((await child.ask(`command ${id} ${"x".repeat(1500)}`))["ok"] === true) acknowledged.push(id);
		return acknowledged.length === 40;
	});
	assert.equal((await child.ask("close"))["ok"], true);
	assert.ok(files(dataDir).length >= 4);
	assert.deepEqual(
		lines(dataDir).flatMap((line) => (line["type"] === "command" ? [line["id"]] : [])),
		acknowledged,
	);
	const result = await verifyRecord(recordDir(dataDir));
	assert.deepEqual([result.ok, result.problems, result.notes], [true, [], []]);
});

test("a record that is removed, or whose file is changed, while it is written is noticed at the next checkpoint", async (context) => {
	for (const harm of ["removed", "shortened"]) {
		const dataDir = scratch(context);
		const log = new KeptLog();
		const recorder = await openRecorder(dataDir, { checkpoint_interval: 10 }, { log });
		recorder.append(start("s1"));
		const path = join(recordDir(dataDir), files(dataDir)[0] ?? "");
		if (harm === "removed") unlinkSync(path);
		else truncateSync(path, 100);
		await until(async () => log.entries.some((entry) => entry.fields["code"] === "record_unwritable"));
		await until(async () => recorder.healthy);
		recorder.append(command(recorder, "s1", "c1", "SELECT 1"));
		await recorder.close();
		const result = await verifyRecord(recordDir(dataDir), { publicKey: recorder.publicKey });
		assert.equal(result.ok, false, "what was taken away is missing");
		assert.equal(
			result.problems.every((problem) => problem.message.includes("missing") || harm === "shortened"),
			true,
		);
	}
});

test("what waits for a record that can't be written is bounded, and what is given up is counted", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir, { checkpoint_interval: 5 }, { probeIntervalMs: 60_000 });
	recorder.append(start("s1"));
	const directory = recordDir(dataDir);
	unlinkSync(join(directory, files(dataDir)[0] ?? ""));
	await until(async () => !recorder.healthy);
	assert.throws(
		() => recorder.append(start("s2")),
		(error: RecordingError) =>
			error.code === "record_unwritable" && error.operator?.includes("removed") === true,
	);
	mkdirSync(directory, { recursive: true });
	for (let n = 0; n < 100; n++) recorder.appendLater({ ...failure("s1"), message: "x".repeat(100_000) });
	await recorder.close();
	const recorded = lines(dataDir);
	const kept = recorded.filter((line) => line["type"] === "error").length;
	const recovered = recorded.find((line) => line["type"] === "recovered");
	assert.ok(kept > 30 && kept < 60);
	assert.deepEqual([recovered?.["lost"], recovered?.["refused"]], [100 - kept, 1]);
});
