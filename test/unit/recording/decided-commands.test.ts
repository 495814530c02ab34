import assert from "node:assert/strict";
import { test } from "node:test";
import { timeContext } from "../../../src/commands/index.ts";
import { inputText } from "../../../src/policy/index.ts";
import { decidedCommands, RecordedAnalysis } from "../../../src/recording/index.ts";
import { command, end, lines, openRecorder, recordDir, scratch, start } from "./support.ts";

const MEANING = {
	type: "sql",
	dialect: "postgres",
	fingerprint: "f1",
	statements: [{ kind: "select" }],
	writes: [],
};
const AT = Date.parse("2026-03-04T05:06:07.089Z");

async function all(dataDir: string, query = {}) {
	const found = [];
	for await (const one of decidedCommands(recordDir(dataDir), query)) found.push(one);
	return found;
}

test("a command's line leads to the exact input of its decision", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir);
	const analysis = new RecordedAnalysis(JSON.stringify(MEANING));
	const grant = {
		id: "a1",
		requirement: { rule: "r", approvers: ["group:x/y"], min: 1, expires: "15m", scope: "command" as const },
		scope: "command" as const,
		approved_by: [],
		approved_at: "2026-01-01T00:00:00.000Z",
		expires_at: "2026-01-01T00:15:00.000Z",
	};
	const parameter = {
		type: "text",
		format: "text" as const,
		value: "\u20ac\n",
		null: false,
		bytes: 4,
		truncated: false,
		sha256: null,
	};
	const begun = start("s1");
	recorder.append(begun);
	recorder.append(
		command(recorder, "s1", "c1", "SELECT $1", {
			analysis,
			decidedAt: AT,
			parameters: [parameter],
			grants: [grant],
		}),
	);
	const later = { ...begun.context, reason: "INC-7" };
	recorder.appendLater({ type: "session_context", session: "s1", context: later });
	recorder.append(
		command(recorder, "s1", "c2", "SELECT 2", { analysis, decidedAt: AT, stage: "parse", parameters: null }),
	);
	recorder.append(end("s1"));
	await recorder.close();

	const [first, second] = await all(dataDir);
	assert.ok(first !== undefined && typeof first.input === "object");
	assert.deepEqual(JSON.parse(inputText(first.input)), {
		principal: begun.principal,
		connection: begun.connection,
		session: begun.context,
		time: timeContext(AT),
		approvals: [grant],
		command: { ...MEANING, text: "SELECT $1", stage: "execute", parameters: [parameter] },
	});
	assert.ok(second !== undefined && typeof second.input === "object");
	const again = JSON.parse(inputText(second.input));
	assert.deepEqual(
		[again.session.reason, again.command.stage, again.command.parameters],
		["INC-7", "parse", null],
	);
	const analyses = lines(dataDir).filter((line) => line["type"] === "analysis");
	assert.equal(analyses.length, 1, "what means the same is written once");
});

test("a command whose input is not all there says why", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir);
	const analysis = new RecordedAnalysis(JSON.stringify(MEANING));
	const secret = "ALTER ROLE a PASSWORD 'x'";
	recorder.append(start("s1"));
	recorder.append(command(recorder, "s1", "none", "SELECT 1", { analysis, level: "none" }));
	recorder.append(
		command(recorder, "s1", "redacted", secret, {
			analysis,
			text: recorder.text(secret, [{ start: 22, length: 3 }]),
		}),
	);
	recorder.append(command(recorder, "s1", "cut", "x".repeat(2_000_000), { analysis }));
	recorder.append(command(recorder, "s1", "old", "SELECT 1"));
	const decision = {
		action: "allow",
		revision: "",
		reasons: [],
		masks: [],
		filters: [],
		limits: { max_rows: null, max_bytes: null, timeout: null },
		record: "commands",
		cost: 0,
	} as const;
	recorder.append(command(recorder, "s1", "rollback", "ROLLBACK", { decision }));
	recorder.append(end("s1"));
	await recorder.close();
	assert.deepEqual(
		(await all(dataDir)).map(({ id, input }) => [id, input]),
		[
			["none", "withheld"],
			["redacted", "withheld"],
			["cut", "cut"],
			["old", "not_recorded"],
			["rollback", "never_asked"],
		],
	);
	const raw = JSON.stringify(lines(dataDir).filter(({ id, type }) => id === "none" || type === "analysis"));
	assert.ok(
		!raw.includes("SELECT 1"),
		"what a command means is no more kept at the level `none` than its text",
	);
});

test("an analysis is written again into each of the log's files", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir, { max_file_bytes: 4_096 });
	const analysis = new RecordedAnalysis(JSON.stringify(MEANING));
	recorder.append(start("s1"));
	for (let i = 0; i < 40; i++) recorder.append(command(recorder, "s1", `c${i}`, "SELECT 1", { analysis }));
	recorder.append(end("s1"));
	await recorder.close();
	const found = lines(dataDir);
	const files = found.filter((line) => line["type"] === "file").length;
	const analyses = found.filter((line) => line["type"] === "analysis").length;
	assert.ok(files > 2 && Math.abs(analyses - files) <= 1, `${files} files, ${analyses} analyses`);
	assert.equal((await all(dataDir)).filter(({ input }) => typeof input === "object").length, 40);
});

test("time and connection choose among the commands", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir);
	recorder.append(start("s1"));
	recorder.append({ ...start("s2"), connection: { name: "hr", type: "postgres", labels: {} } });
	recorder.append(command(recorder, "s1", "c1", "SELECT 1", { decidedAt: AT }));
	recorder.append(command(recorder, "s2", "c2", "SELECT 1", { decidedAt: AT + 1 }));
	recorder.append(command(recorder, "s2", "c3", "SELECT 1", { decidedAt: AT + 2 }));
	recorder.append(end("s1"));
	recorder.append(end("s2"));
	await recorder.close();
	const ids = async (query: object) => (await all(dataDir, query)).map(({ id }) => id);
	assert.deepEqual(await ids({ since: AT + 1, until: AT + 2 }), ["c2"]);
	assert.deepEqual(await ids({ connections: ["hr"] }), ["c2", "c3"]);
	assert.deepEqual(await ids({ id: "c3" }), ["c3"]);
});
