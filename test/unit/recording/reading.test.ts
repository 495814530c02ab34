import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
	listSessions,
	printable,
	type ReadEvent,
	type Recorder,
	type RecordingError,
	readSession,
	replay,
	searchRecord,
	steps,
	summariseSession,
} from "../../../src/recording/index.ts";
import { ALLOW, command, end, files, openRecorder, outcome, recordDir, scratch, start } from "./support.ts";

/** One session with what a session can hold. */
function fullSession(recorder: Recorder, id: string): void {
	recorder.append(start(id));
	recorder.append({
		type: "policy",
		session: null,
		bundle: "main",
		revision: "r2",
		state: "activated",
		message: null,
	});
	recorder.append(
		command(recorder, id, "c1", "SELECT id,\n\temail FROM customers WHERE id = $1", {
			parameters: [
				{ type: "int4", format: "text", value: "7", null: false, bytes: 1, truncated: false, sha256: null },
				{ type: "text", format: "text", value: null, null: true, bytes: 0, truncated: false, sha256: null },
			],
			decision: { ...ALLOW, action: "mask" },
		}),
	);
	recorder.appendLater({ type: "forwarded", session: id, command: "c1" });
	const rows = recorder.rows(id, "c1", ["id", "email"]);
	rows.add(["7", "a***@example.org"]);
	rows.add(["8", null]);
	rows.finish();
	recorder.appendLater({ ...outcome(id, "c1"), tag: "SELECT 2", rows: 2 });
	recorder.append(
		command(recorder, id, "c2", "DELETE FROM orders", {
			decision: {
				...ALLOW,
				action: "deny",
				reasons: [{ rule: "no-delete", message: "ask first", remedy: null }],
			},
		}),
	);
	recorder.append({
		type: "approval",
		session: id,
		command: "c2",
		approval: "a1",
		state: "granted",
		requirement: { rule: "bulk", approvers: ["user:static/dana"], min: 1, expires: "15m", scope: "command" },
		by: { provider: "static", subject: "dana", groups: [] },
		reason: "go ahead",
	});
	recorder.append({
		type: "error",
		session: id,
		command: "c2",
		code: "denied",
		message: "ask first",
		operator: null,
	});
	recorder.append(end(id));
}

async function all<T>(from: AsyncIterable<T>): Promise<T[]> {
	const got: T[] = [];
	for await (const one of from) got.push(one);
	return got;
}

test("a session is read in order, and nothing of another's", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir, { max_file_bytes: 4096 });
	recorder.append(start("s2"));
	fullSession(recorder, "s1");
	recorder.append(command(recorder, "s2", "x", `"session":"s1",`));
	await recorder.close();
	const events = await readSession(recordDir(dataDir), "s1");
	assert.deepEqual(
		events.map((event) => event.type),
		[
			"session_start",
			"command",
			"forwarded",
			"rows",
			"outcome",
			"command",
			"approval",
			"error",
			"session_end",
		],
	);
	assert.equal((await readSession(recordDir(dataDir), "s2")).length, 2);
	const unknown = (error: RecordingError) => error.code === "record_session_unknown";
	await assert.rejects(readSession(recordDir(dataDir), "s3"), unknown);
	const unreadable = (error: RecordingError) => error.code === "record_unreadable";
	await assert.rejects(readSession(join(dataDir, "nowhere"), "s1"), unreadable);
});

test("a session is replayed as it went", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir);
	fullSession(recorder, "s1");
	await recorder.close();
	const steps = await all(replay(recordDir(dataDir), "s1"));
	assert.deepEqual(
		steps.map((step) => step.lines),
		[
			["agent-7 (agent, static) on orders, database orders, from 127.0.0.1", "  allow (revision r1)"],
			[
				"SELECT id,",
				"    email FROM customers WHERE id = $1",
				'  $1 = "7"',
				"  $2 = null",
				"  mask (revision r1)",
				"    read-orders: reads are fine",
			],
			["forwarded"],
			["id | email", "---+-----------------", "7  | a***@example.org", "8  | null"],
			["completed, SELECT 2, 2 rows, 20 bytes, 1.2 ms"],
			["DELETE FROM orders", "  deny (revision r1)", "    no-delete: ask first"],
			["approval granted by dana for bulk: go ahead"],
			["error denied: ask first"],
			["session ended: client"],
		],
	);
	assert.ok(steps.every((step) => step.at >= 0 && step.gap >= 0));
});

test("nothing in a replay acts on the terminal, whatever was recorded", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir);
	const nasty = "\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egnp.exe\u200b\r\u0000\u{e0041}";
	recorder.append({
		...start(nasty),
		database: nasty,
		connection: { name: nasty, type: "postgres", labels: {} },
	});
	recorder.append(
		command(recorder, nasty, "c1", nasty, {
			parameters: [
				{ type: "text", format: "text", value: nasty, null: false, bytes: 1, truncated: false, sha256: null },
			],
			decision: { ...ALLOW, revision: nasty, reasons: [{ rule: nasty, message: `${nasty}!`, remedy: null }] },
		}),
	);
	const rows = recorder.rows(nasty, "c1", [nasty]);
	rows.add([nasty]);
	rows.finish();
	recorder.appendLater({ ...outcome(nasty, "c1"), tag: nasty });
	recorder.appendLater({
		type: "error",
		session: nasty,
		command: "c1",
		code: nasty,
		message: nasty,
		operator: nasty,
	});
	recorder.appendLater({ ...end(nasty), message: nasty });
	await recorder.close();
	for (const step of await all(replay(recordDir(dataDir), nasty))) {
		for (const line of step.lines) assert.match(line, /^[\x20-\x7e…]*$/);
	}
});

test("printable spells out what can't be seen, and leaves what can", () => {
	assert.equal(printable("a\u001b[31mb\tc\n"), "a\\x1b[31mb\\x09c\\x0a");
	assert.equal(printable("\u202e\u2066\ufeff"), "\\u{202e}\\u{2066}\\u{feff}");
	assert.equal(
		printable("z\u00fcrich \u4e1c\u4eac \u{1f600} \ud800"),
		"z\u00fcrich \u4e1c\u4eac \u{1f600} \\u{d800}",
	);
});

test("an event that was edited is marked in the replay, and odd content breaks nothing", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir);
	fullSession(recorder, "s1");
	await recorder.close();
	const path = join(recordDir(dataDir), files(dataDir)[0] ?? "");
	const odd = {
		parameters: [null, 7],
		decision: [],
		columns: [{ toString: 1 }],
		rows: [7, [{ toString: 1 }]],
		reason: {},
	};
	const text = readFileSync(path, "utf8").split("\n");
	const edited = text.map((line) => {
		if (!line.includes('"session":"s1"')) return line;
		const { hash, ...event } = JSON.parse(line) as Record<string, unknown>;
		return `${JSON.stringify({ ...event, ...odd }).slice(0, -1)},"hash":"${String(hash)}"}`;
	});
	writeFileSync(path, edited.join("\n"));
	const steps = await all(replay(recordDir(dataDir), "s1"));
	assert.equal(steps.length, 9);
	for (const step of steps) assert.match(step.lines[0] ?? "", /edited/);
	assert.equal((await listSessions(recordDir(dataDir))).length, 1);
	assert.ok((await all(searchRecord(recordDir(dataDir), { text: "orders" }))).length > 0);
});

test("sessions are listed, the newest first, with what they did", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir);
	fullSession(recorder, "s1");
	recorder.append(start("s2"));
	recorder.append({ ...start("s3"), connection: { name: "payroll", type: "postgres", labels: {} } });
	await recorder.close();
	const directory = recordDir(dataDir);
	const [s3, s2, s1] = await listSessions(directory);
	assert.deepEqual(await summariseSession(directory, "s1"), s1);
	assert.deepEqual([s3?.id, s2?.id, s1?.id], ["s3", "s2", "s1"]);
	assert.deepEqual([s1?.commands, s1?.denied, s1?.failed, s1?.rows, s1?.end_reason], [2, 1, 0, 2, "client"]);
	assert.deepEqual([s2?.ended_at, s2?.subject, s2?.issuer], [null, "agent-7", "static"]);
	const ids = async (filter: object) => (await listSessions(directory, filter)).map((session) => session.id);
	assert.deepEqual(await ids({ connection: "payroll" }), ["s3"]);
	assert.deepEqual(await ids({ subject: "nobody" }), []);
	assert.deepEqual(await ids({ since: "2100-01-01T00:00:00Z" }), ["s3", "s2"], "open ones may go on");
	assert.deepEqual(await ids({ until: "2000-01-01T00:00:00Z" }), []);
});

test("the record is searched by text, type, session, action and time", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir);
	fullSession(recorder, "s1");
	fullSession(recorder, "s2");
	await recorder.close();
	const found = async (query: object) =>
		(await all(searchRecord(recordDir(dataDir), query))).map(
			(event: ReadEvent) => `${event.session}:${event.type}`,
		);
	assert.deepEqual(await found({ text: "DELETE from" }), ["s1:command", "s2:command"]);
	assert.deepEqual(await found({ text: "a***@", session: "s2" }), ["s2:rows"]);
	assert.deepEqual(await found({ action: "deny", limit: 1 }), ["s1:command"]);
	assert.deepEqual(await found({ type: "policy" }), ["null:policy", "null:policy"]);
	assert.deepEqual(await found({ until: "2000-01-01T00:00:00Z" }), []);
	assert.equal(
		(await found({ since: "2000-01-01T00:00:00Z" })).length,
		20,
		"what the recorder adds is no result",
	);
	assert.equal((await found({ type: "checkpoint" })).length, 1);
});

test("what the client says of itself anew is told in words", async () => {
	const said = async (context: object) => {
		const event = {
			type: "session_context",
			time: "2026-01-01T00:00:00Z",
			intact: true,
			fields: { context },
		};
		for await (const { lines } of steps([
			event as unknown as ReadEvent,
		] as unknown as AsyncIterable<ReadEvent>))
			return lines.join();
		return undefined;
	};
	assert.equal(
		await said({ client_application: "psql", reason: "INC-1\u001b[2J" }),
		"the client says: application psql, reason INC-1\\x1b[2J",
	);
	assert.equal(await said({ client_application: "", reason: "" }), "the client says: nothing of itself");
});
