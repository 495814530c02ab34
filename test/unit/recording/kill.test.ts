import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readSession, verifyRecord } from "../../../src/recording/index.ts";
import { RecordingProcess } from "./recording-process.ts";
import { files, lines, openRecorder, record, recordDir, scratch } from "./support.ts";

for (const durability of ["write", "fsync"] as const) {
	test(`kill -9 loses nothing that was acknowledged (${durability})`, async (context) => {
		const dataDir = scratch(context);
		let sessions = 0;
		for (const wait of [30, 90, 170]) {
			const child = await RecordingProcess.start(context, dataDir, durability);
			await child.ask("start s1");
			child.tell("loop");
			await child.answer();
			await new Promise((resolve) => setTimeout(resolve, wait));
			await child.kill();
			sessions++;
			const acknowledged = 1 + (await child.rest()).length;
			const newest = files(dataDir).at(-1) ?? "";
			const text = readFileSync(join(recordDir(dataDir), newest), "utf8");
			const recorded = new Set(text.split("\n").map((line) => /"id":"(loop-\d+)"/.exec(line)?.[1]));
			for (let n = 1; n <= acknowledged; n++)
				assert.ok(recorded.has(`loop-${n}`), `loop-${n} of ${acknowledged}`);
			const result = await verifyRecord(recordDir(dataDir));
			assert.deepEqual([result.ok, result.problems, result.sessions], [true, [], sessions]);
			assert.equal(result.notes.filter((note) => note.code === "not_closed").length, sessions);
		}
	});
}

test("a torn last line is told from tampering, and the next process begins a file of its own", async (context) => {
	const dataDir = scratch(context);
	const child = await RecordingProcess.start(context, dataDir);
	await child.ask("start s1");
	await child.ask("command c1 x");
	await child.kill();
	const path = join(recordDir(dataDir), files(dataDir)[0] ?? "");
	const whole = readFileSync(path);
	const before = lines(dataDir).at(-1);
	writeFileSync(path, Buffer.concat([whole, Buffer.from('{"seq":4,"time":"2026-')]));
	const next = await openRecorder(dataDir);
	record(next, "s2", 2);
	await next.close();
	assert.equal(files(dataDir).length, 2);
	const header = JSON.parse(
		readFileSync(join(recordDir(dataDir), files(dataDir)[1] ?? ""), "utf8").split("\n")[0] ?? "",
	) as { previous: { seq: number; hash: string } };
	assert.deepEqual([header.previous.seq, header.previous.hash], [3, before?.["hash"]]);
	const result = await verifyRecord(recordDir(dataDir), { publicKey: next.publicKey });
	assert.deepEqual([result.ok, result.problems], [true, []]);
	assert.deepEqual(
		result.notes.map((note) => [note.code, note.file, note.line]),
		[
			["torn_line", files(dataDir)[0], 4],
			["not_closed", files(dataDir)[0], 3],
		],
	);
	assert.deepEqual(
		(await readSession(recordDir(dataDir), "s1")).map((event) => event.type),
		["session_start", "command"],
	);
	// What the killed process had written is pinned by the next log: it can't be cut any more.
	writeFileSync(path, whole.subarray(0, whole.lastIndexOf(0x0a, whole.length - 2) + 1));
	const cut = await verifyRecord(recordDir(dataDir), { publicKey: next.publicKey });
	assert.deepEqual(
		cut.problems.map((problem) => problem.code),
		["cut"],
	);
});

test("a file that was made and never written to is passed over", async (context) => {
	const dataDir = scratch(context);
	await (await openRecorder(dataDir)).close();
	const log = files(dataDir)[0]?.slice(0, 26);
	writeFileSync(join(recordDir(dataDir), `${log?.slice(0, 9)}z${log?.slice(10)}.000001.log`), "");
	const next = await openRecorder(dataDir);
	record(next, "s1", 1);
	await next.close();
	const result = await verifyRecord(recordDir(dataDir), { publicKey: next.publicKey });
	assert.deepEqual([result.ok, result.problems, result.logs], [true, [], 3]);
});
