import assert from "node:assert/strict";
import { createHash, verify } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
	DEFAULT_RECORDINGS,
	jsonText,
	Recorder,
	type RecordingError,
	readEvents,
	readSession,
	verifyRecord,
} from "../../../src/recording/index.ts";
import { until } from "./recording-process.ts";
import {
	ALLOW,
	command,
	end,
	files,
	flushed,
	KeptLog,
	lines,
	openRecorder,
	outcome,
	record,
	recordDir,
	scratch,
	start,
} from "./support.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

test("each line's hash is that of its bytes, and both chains hold", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir);
	record(recorder, "s1", 3);
	await recorder.close();
	const path = join(recordDir(dataDir), files(dataDir)[0] ?? "");
	let before: string | undefined;
	for (const line of readFileSync(path, "utf8").trimEnd().split("\n")) {
		const event = JSON.parse(line) as { chain: string; hash: string };
		assert.equal(sha256(line.slice(0, line.lastIndexOf(',"hash":"'))), event.hash);
		if (before !== undefined) assert.equal(event.chain, before);
		before = event.hash;
	}
	const session = lines(dataDir).filter((event) => event["session"] === "s1");
	assert.deepEqual(
		session.map((event) => event["n"]),
		[1, 2, 3, 4, 5, 6],
	);
	for (const [index, event] of session.slice(1).entries())
		assert.equal(event["prev"], session[index]?.["hash"]);
});

test("roots and signatures are as docs/record.md has them", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir);
	record(recorder, "s1", 1);
	await recorder.close();
	const [header, first] = lines(dataDir);
	const log = files(dataDir)[0]?.split(".")[0];
	assert.equal(header?.["chain"], sha256(`sallyport record log ${log}`));
	assert.equal(first?.["prev"], sha256(`sallyport record session "s1" in log ${log}`));
	for (const signed of [header, lines(dataDir).at(-1)]) {
		const signature = Buffer.from(String(signed?.["signature"]), "base64");
		const message = Buffer.from(`sallyport record 1 ${signed?.["hash"]}`);
		assert.equal(verify(null, message, recorder.publicKey, signature), true);
	}
});

test("two processes on one directory, as in a restart that overlaps, keep a log each", async (context) => {
	const dataDir = scratch(context);
	const older = await openRecorder(dataDir);
	older.append(start("s1"));
	const newer = await openRecorder(dataDir);
	record(newer, "s2", 2);
	older.append(command(older, "s1", "c1", "SELECT 1"));
	older.append(end("s1"));
	await newer.close();
	await older.close();
	const result = await verifyRecord(recordDir(dataDir), { publicKey: newer.publicKey });
	assert.deepEqual([result.ok, result.problems, result.logs, result.sessions], [true, [], 2, 2]);
});

test("a log begun after the clock was set back still comes after the others", async (context) => {
	const dataDir = scratch(context);
	for (const now of [2_000_000_000_000, 1_000_000_000_000, 1_500_000_000_000]) {
		const recorder = await Recorder.open({
			dataDir,
			config: DEFAULT_RECORDINGS,
			log: new KeptLog(),
			clock: { now: () => now },
		});
		record(recorder, `s${now}`, 1);
		await recorder.close();
	}
	assert.equal((await verifyRecord(recordDir(dataDir))).ok, true);
	assert.deepEqual(
		lines(dataDir).flatMap((line) => (line["type"] === "session_start" ? [line["session"]] : [])),
		["s2000000000000", "s1000000000000", "s1500000000000"],
	);
});

test("an appended event is in the file when append returns, with all that waited before it", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir);
	recorder.append(start("s1"));
	recorder.append(command(recorder, "s1", "c1", "SELECT 1"));
	recorder.appendLater(outcome("s1", "c1"));
	assert.equal(lines(dataDir).length, 3);
	recorder.append(command(recorder, "s1", "c2", "SELECT 2"));
	assert.deepEqual(
		lines(dataDir).map((event) => event["type"]),
		["file", "session_start", "command", "command"],
	);
	const before = lines(dataDir).at(-1)?.["before"] as Record<string, unknown> | undefined;
	const { type: _, session: __, ...expected } = outcome("s1", "c1");
	assert.deepEqual(before, { time: before?.["time"], ...expected });
	assert.match(String(before?.["time"]), /^2\d{3}-.*Z$/);
	recorder.appendLater(outcome("s1", "c2"));
	await until(async () => lines(dataDir).at(-1)?.["type"] === "outcome");
	await recorder.close();
});

test("a checkpoint follows each session's end, and whatever was written once the interval is over", async (context) => {
	const dataDir = scratch(context);
	const log = new KeptLog();
	const recorder = await openRecorder(dataDir, { checkpoint_interval: 30 }, { log });
	record(recorder, "s1", 1);
	await flushed();
	assert.deepEqual(
		[lines(dataDir).at(-1)?.["type"], lines(dataDir).at(-1)?.["reason"]],
		["checkpoint", "session_end"],
	);
	const count = lines(dataDir).length;
	await new Promise((resolve) => setTimeout(resolve, 80));
	assert.equal(lines(dataDir).length, count, "nothing was written, so nothing is signed");
	recorder.append(start("s2"));
	await new Promise((resolve) => setTimeout(resolve, 80));
	assert.equal(lines(dataDir).at(-1)?.["reason"], "interval");
	assert.equal(lines(dataDir).at(-1)?.["open_sessions"], 1);
	await recorder.close();
	assert.equal(lines(dataDir).at(-1)?.["reason"], "close");
	const told = log.entries.filter((entry) => entry.message === "record checkpoint");
	assert.equal(told.at(-1)?.fields["hash"], lines(dataDir).at(-1)?.["hash"]);
});

test("files and directories are the owner's alone, and the public key is beside the private one", async (context) => {
	const dataDir = scratch(context);
	const log = new KeptLog();
	const recorder = await openRecorder(dataDir, {}, { log });
	await recorder.close();
	const mode = (path: string) => statSync(join(dataDir, path)).mode & 0o777;
	assert.equal(mode("record"), 0o700);
	assert.equal(mode(`record/${files(dataDir)[0]}`), 0o600);
	assert.equal(mode("keys/record.key"), 0o600);
	assert.equal(readFileSync(join(dataDir, "keys/record.pub"), "utf8"), recorder.publicKey);
	assert.ok(log.entries.some((entry) => entry.fields["public_key"] === recorder.publicKey));
	const again = await openRecorder(dataDir);
	assert.equal(again.publicKey, recorder.publicKey);
	await again.close();
});

test("a key that others may read, or that is no Ed25519 key, is refused", async (context) => {
	const dataDir = scratch(context);
	await (await openRecorder(dataDir)).close();
	const path = join(dataDir, "keys/record.key");
	const pem = readFileSync(path);
	for (const [content, mode] of [
		[pem, 0o644],
		[Buffer.from("not a key"), 0o600],
	] as const) {
		const { chmodSync } = await import("node:fs");
		writeFileSync(path, content);
		chmodSync(path, mode);
		await assert.rejects(
			openRecorder(dataDir),
			(error: RecordingError) => error.code === "record_key_unusable",
		);
	}
});

test("events of a session lie between its start and its end; a late one is kept outside of it", async (context) => {
	const dataDir = scratch(context);
	const log = new KeptLog();
	const recorder = await openRecorder(dataDir, {}, { log });
	const notOpen = (error: RecordingError) => error.code === "record_session_not_open";
	assert.throws(() => recorder.append(command(recorder, "s1", "c1", "SELECT 1")), notOpen);
	recorder.append(start("s1"));
	assert.throws(() => recorder.append(start("s1")), notOpen);
	recorder.append(end("s1"));
	recorder.appendLater(outcome("s1", "c1"));
	recorder.appendLater(end("s2"));
	await recorder.close();
	assert.throws(
		() => recorder.append(start("s3")),
		(error: RecordingError) => error.code === "record_closed",
	);
	recorder.appendLater(end("s1"));
	const late = lines(dataDir).filter((line) => line["type"] === "late");
	const held = late.map((line) => [line["session"], line["of"], (line["event"] as { type: string }).type]);
	assert.deepEqual(held, [
		[null, "s1", "outcome"],
		[null, "s2", "session_end"],
	]);
	const told = log.entries.filter((entry) => entry.level === "error").map((entry) => entry.fields["code"]);
	assert.deepEqual(told, ["record_session_not_open", "record_session_not_open", "record_closed"]);
	assert.equal((await verifyRecord(recordDir(dataDir), { publicKey: recorder.publicKey })).ok, true);
});

test("a decision serialised before is taken over as it is", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir);
	recorder.append(start("s1"));
	recorder.append(command(recorder, "s1", "c1", "SELECT 1", { decision: jsonText(ALLOW) }));
	await recorder.close();
	assert.deepEqual(lines(dataDir).find((event) => event["type"] === "command")?.["decision"], ALLOW);
	assert.throws(() => jsonText(undefined), TypeError);
});

test("text that would break a line, or is no Unicode, stays inside its line", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir);
	const nasty = '\n"}\r\n{"seq":1}\u2028\ud800\u0000\u001b[2J';
	recorder.append(start(nasty));
	recorder.append(command(recorder, nasty, nasty, nasty, { fingerprint: nasty }));
	await recorder.close();
	assert.equal(lines(dataDir).length, 4);
	const { ok, sessions } = await verifyRecord(recordDir(dataDir), { publicKey: recorder.publicKey });
	assert.deepEqual([ok, sessions], [true, 1]);
});

test("that a command was forwarded stands in its outcome's line, or in its own when the outcome takes its time", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir);
	const forward = (id: string) => recorder.appendLater({ type: "forwarded", session: "s1", command: id });
	recorder.append(start("s1"));
	for (const id of ["quick", "slow", "rows", "lost"])
		recorder.append(command(recorder, "s1", id, "SELECT 1"));
	forward("quick");
	recorder.appendLater(outcome("s1", "quick"));
	recorder.appendLater({ ...outcome("s1", "quick"), statement: 1 });
	forward("slow");
	await until(async () => lines(dataDir).some((line) => line["type"] === "forwarded"));
	recorder.appendLater(outcome("s1", "slow"));
	forward("rows");
	const rows = recorder.rows("s1", "rows", ["id"]);
	rows.add(["7"]);
	rows.finish();
	recorder.appendLater(outcome("s1", "rows"));
	forward("lost");
	recorder.append(end("s1"));
	await recorder.close();

	const told = lines(dataDir).filter((line) => line["session"] === "s1" && line["type"] !== "command");
	assert.deepEqual(
		told.map((line) => [line["type"], line["command"], line["forwarded"] !== undefined]),
		[
			["session_start", undefined, false],
			["outcome", "quick", true],
			["outcome", "quick", false],
			["forwarded", "slow", false],
			["outcome", "slow", false],
			["forwarded", "rows", false],
			["rows", "rows", false],
			["outcome", "rows", false],
			["forwarded", "lost", false],
			["session_end", undefined, false],
		],
	);
	const read = await readSession(recordDir(dataDir), "s1");
	assert.deepEqual(
		read.flatMap(({ type, fields }) => (type === "forwarded" ? [fields["command"]] : [])),
		["quick", "slow", "rows", "lost"],
	);
});

test("an outcome stands in the line of the session's next command, or in its own where that is long in coming or something else comes", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir);
	const run = (session: string, id: string) => {
		recorder.append(command(recorder, session, id, "SELECT 1"));
		recorder.appendLater({ type: "forwarded", session, command: id });
		recorder.appendLater(outcome(session, id));
	};
	recorder.append(start("s1"));
	recorder.append(start("s2"));
	run("s1", "a");
	run("s2", "other");
	run("s1", "b");
	recorder.appendLater({ ...outcome("s1", "b"), statement: 1 });
	run("s1", "c");
	await until(async () =>
		lines(dataDir).some((line) => line["type"] === "outcome" && line["command"] === "c"),
	);
	run("s1", "d");
	recorder.append(end("s1"));
	await recorder.close();

	const told = lines(dataDir).filter((line) => line["session"] === "s1");
	const riding = (line: Record<string, unknown>) =>
		(line["before"] as { command: string } | undefined)?.command;
	assert.deepEqual(
		told.map((line) => [line["type"], line["id"] ?? line["command"], riding(line)]),
		[
			["session_start", undefined, undefined],
			["command", "a", undefined],
			["command", "b", "a"],
			["outcome", "b", undefined],
			["command", "c", "b"],
			["outcome", "c", undefined],
			["command", "d", undefined],
			["outcome", "d", undefined],
			["session_end", undefined, undefined],
		],
	);
	const read = await readSession(recordDir(dataDir), "s1");
	assert.deepEqual(
		read.map(({ type, fields }) => [type, fields["id"] ?? fields["command"], fields["statement"]]),
		[
			["session_start", undefined, undefined],
			["command", "a", undefined],
			["forwarded", "a", undefined],
			["outcome", "a", 0],
			["command", "b", undefined],
			["forwarded", "b", undefined],
			["outcome", "b", 0],
			["outcome", "b", 1],
			["command", "c", undefined],
			["forwarded", "c", undefined],
			["outcome", "c", 0],
			["command", "d", undefined],
			["forwarded", "d", undefined],
			["outcome", "d", 0],
			["session_end", undefined, undefined],
		],
	);
	assert.equal((await verifyRecord(recordDir(dataDir), { publicKey: recorder.publicKey })).ok, true);
});

test("a file is closed at its size and the next goes on where it ended", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir, { max_file_bytes: 4096 });
	for (let n = 0; n < 10; n++) record(recorder, `s${n}`, 5);
	await recorder.close();
	assert.ok(files(dataDir).length > 5);
	for (const name of files(dataDir)) assert.ok(statSync(join(recordDir(dataDir), name)).size < 12_000);
	const result = await verifyRecord(recordDir(dataDir), { publicKey: recorder.publicKey });
	assert.deepEqual([result.ok, result.sessions, result.notes], [true, 10, []]);
});

test("many sessions at once keep a chain each", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir, { max_file_bytes: 65_536 });
	const one = async (session: string) => {
		recorder.append(start(session));
		for (let n = 0; n < 20; n++) {
			recorder.append(command(recorder, session, `${session}-${n}`, `SELECT ${n}`));
			if (n % 3 === 0) await flushed();
			recorder.appendLater(outcome(session, `${session}-${n}`));
		}
		recorder.appendLater(end(session));
	};
	await Promise.all(Array.from({ length: 100 }, (_, index) => one(`session-${index}`)));
	await recorder.close();
	const result = await verifyRecord(recordDir(dataDir), { publicKey: recorder.publicKey });
	assert.deepEqual([result.ok, result.sessions], [true, 100]);
	let events = 0;
	for await (const event of readEvents(recordDir(dataDir))) if (event.session !== null) events++;
	assert.equal(events, 100 * 42);
});
