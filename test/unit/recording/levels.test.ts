import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { SqlParameter } from "../../../src/commands/index.ts";
import { command, files, lines, openRecorder, recordDir, scratch, start } from "./support.ts";

const parameter = (value: string): SqlParameter => ({
	type: "text",
	format: "text",
	value,
	null: false,
	bytes: value.length,
	truncated: false,
	sha256: null,
});

const commandsOf = (dataDir: string) => lines(dataDir).filter((event) => event["type"] === "command");

test("a password that the protocol points at is nowhere in the record", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir);
	const text = "ALTER ROLE \u00e4pp PASSWORD 'hunter2' VALID UNTIL 'x' -- \u20ac";
	const at = Buffer.from(text).indexOf("'hunter2'");
	recorder.append(start("s1"));
	recorder.append(
		command(recorder, "s1", "c1", text, { text: recorder.text(text, [{ start: at, length: 9 }]) }),
	);
	await recorder.close();
	const raw = readFileSync(join(recordDir(dataDir), files(dataDir)[0] ?? ""), "utf8");
	assert.ok(!raw.includes("hunter2"));
	const [event] = commandsOf(dataDir);
	assert.equal(event?.["text"], "ALTER ROLE \u00e4pp PASSWORD [redacted] VALID UNTIL 'x' -- \u20ac");
	assert.equal(event?.["text_redacted"], true);
	assert.match(
		String(event?.["text_digest"]),
		/^hmac-sha256:[0-9a-f]{64}$/,
		"a plain hash could be guessed at",
	);
});

test("of a text with something blanked the parameters' values are not kept either", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir);
	recorder.append(start("s1"));
	const event = command(recorder, "s1", "c1", "", { parameters: [parameter("confidential")] });
	recorder.append({ ...event, text: recorder.text("SET x = $1", [{ start: 8, length: 2 }]) });
	await recorder.close();
	const [kept] = commandsOf(dataDir);
	assert.deepEqual([kept?.["text"], kept?.["parameters"]], ["SET x = [redacted]", null]);
	assert.equal(kept?.["parameter_count"], 1);
	assert.match(String(kept?.["parameters_digest"]), /^hmac-sha256:/);
});

test("ranges may overlap, come in any order and reach beyond the text", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir);
	const shown = (text: string, ranges: { start: number; length: number }[]) => {
		const { kept } = recorder.text(text, ranges);
		return (JSON.parse(`{${kept}}`) as { text: string }).text;
	};
	const R = "[redacted]";
	assert.equal(
		shown("0123456789", [
			{ start: 6, length: 2 },
			{ start: 2, length: 2 },
		]),
		`01${R}45${R}89`,
	);
	assert.equal(
		shown("0123456789", [
			{ start: 2, length: 4 },
			{ start: 4, length: 4 },
		]),
		`01${R}89`,
	);
	assert.equal(
		shown("0123456789", [
			{ start: 2, length: 6 },
			{ start: 3, length: 1 },
		]),
		`01${R}89`,
	);
	assert.equal(
		shown("0123456789", [
			{ start: 8, length: 99 },
			{ start: -3, length: 4 },
		]),
		`${R}1234567${R}`,
	);
	assert.equal(shown("0123456789", [{ start: 0, length: 10 }]), R);
	assert.equal(
		shown("0123456789", [
			{ start: 20, length: 1 },
			{ start: 3, length: 0 },
		]),
		"0123456789",
	);
	await recorder.close();
});

test("level none keeps the decision, counts and keyed digests, and neither text nor parameters", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir);
	recorder.append(start("s1"));
	const parameters = [parameter("confidential")];
	recorder.append(command(recorder, "s1", "c1", "SELECT 'secret'", { level: "none", parameters }));
	recorder.append(command(recorder, "s1", "c2", "SELECT 'secret'", { level: "commands", parameters }));
	await recorder.close();
	const [none, kept] = commandsOf(dataDir);
	assert.ok(!JSON.stringify(none).includes("secret") && !JSON.stringify(none).includes("confidential"));
	assert.deepEqual([none?.["text"], none?.["parameters"]], [null, null]);
	assert.deepEqual([none?.["text_bytes"], none?.["parameter_count"]], [15, 1]);
	assert.match(String(none?.["text_digest"]), /^hmac-sha256:/);
	assert.match(String(none?.["parameters_digest"]), /^hmac-sha256:/);
	assert.deepEqual([kept?.["text"], kept?.["parameters"]], ["SELECT 'secret'", parameters]);
	const about = ["text_bytes", "text_truncated", "text_redacted", "text_digest"];
	assert.deepEqual(
		about.filter((field) => kept?.[field] !== undefined),
		[],
		"of a whole text all else can be told",
	);
});

test("a text and parameters beyond the bound are cut, and say so", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir, { max_command_bytes: 4096 });
	recorder.append(start("s1"));
	const text = "\u20ac".repeat(2000);
	const parameters = Array.from({ length: 100 }, (_, index) => parameter(`value-${index}`));
	recorder.append(command(recorder, "s1", "c1", text, { parameters }));
	await recorder.close();
	const [event] = commandsOf(dataDir);
	assert.equal(event?.["text"], "\u20ac".repeat(1365), "not within a character");
	assert.deepEqual([event?.["text_truncated"], event?.["text_bytes"]], [true, 6000]);
	assert.match(String(event?.["text_digest"]), /^sha256:/);
	const kept = event?.["parameters"] as SqlParameter[];
	assert.ok(kept.length > 20 && kept.length < 60);
	assert.equal(event?.["parameter_count"], 100);
	assert.match(String(event?.["parameters_digest"]), /^sha256:/);
});

test("rows are kept in pieces up to the bound, and the last piece says when there were more", async (context) => {
	const dataDir = scratch(context);
	const recorder = await openRecorder(dataDir, { max_row_bytes: 200_000 });
	recorder.append(start("s1"));
	recorder.append(command(recorder, "s1", "c1", "SELECT"));
	const rows = recorder.rows("s1", "c1", ["id", "email"]);
	let taken = 0;
	for (let id = 0; id < 1000; id++)
		if (rows.add([String(id), id % 2 === 0 ? null : "x".repeat(500)])) taken++;
	rows.finish();
	const few = recorder.rows("s1", "c1", ["one"]);
	assert.equal(few.add(["1"]), true);
	few.finish();
	recorder.rows("s1", "c1", ["none"]).finish();
	await recorder.close();
	const events = lines(dataDir).filter((event) => event["type"] === "rows");
	const pieces = events.slice(0, -1);
	assert.ok(pieces.length >= 3);
	assert.equal(pieces.flatMap((event) => event["rows"] as unknown[]).length, taken);
	assert.ok(taken < 1000);
	assert.deepEqual(
		pieces.map((event) => event["truncated"]),
		pieces.map((_, index) => index === pieces.length - 1),
	);
	assert.deepEqual((events.at(0)?.["rows"] as unknown[] | undefined)?.[0], ["0", null]);
	assert.deepEqual([events.at(-1)?.["rows"], events.at(-1)?.["truncated"]], [[["1"]], false]);
});
