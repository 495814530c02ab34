import assert from "node:assert/strict";
import {
	copyFileSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	truncateSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
	type Anchor,
	type ProblemCode,
	type Verification,
	verifyRecord,
} from "../../../src/recording/index.ts";
import {
	command,
	end,
	flushed,
	lines,
	openRecorder,
	outcome,
	record,
	start,
} from "../../unit/recording/support.ts";
import { Copy, parse, rechain, rehash } from "./forge.ts";

/** Two logs: the first of several files, the second of one; sessions interleaved. */
let dataDir: string;
let publicKey: string;
/** Of the first log's first file, in order. */
let first: ReturnType<typeof parse>[];

before(async () => {
	dataDir = mkdtempSync(join(tmpdir(), "sallyport-attack-"));
	const one = await openRecorder(dataDir, { max_file_bytes: 20_000 });
	publicKey = one.publicKey;
	for (let round = 0; round < 4; round++) {
		const [a, b] = [`a${round}`, `b${round}`];
		one.append(start(a));
		one.append(start(b));
		for (let n = 0; n < 8; n++) {
			for (const session of [a, b]) {
				one.append(command(one, session, `${session}-${n}`, `SELECT ${n}`));
				one.appendLater(outcome(session, `${session}-${n}`));
			}
		}
		one.append(end(a));
		await flushed();
		one.append(end(b));
		await flushed();
	}
	await one.close();
	const two = await openRecorder(dataDir);
	record(two, "c", 5);
	await flushed();
	record(two, "d", 5);
	await two.close();
	first = new Copy(dataDir, publicKey).read().map(parse);
});

after(() => rmSync(dataDir, { recursive: true, force: true }));

const copy = () => new Copy(dataDir, publicKey);

/** The place of the first event that fits, in the first file. */
const indexOf = (fits: (event: ReturnType<typeof parse>) => boolean) => first.findIndex(fits);

function expectProblem(
	result: Verification,
	code: ProblemCode,
	place: { line?: number; seq?: number; session?: string },
) {
	assert.equal(result.ok, false);
	const found = result.problems.find(
		(problem) =>
			problem.code === code &&
			(place.line === undefined || problem.line === place.line) &&
			(place.seq === undefined || problem.seq === place.seq) &&
			(place.session === undefined || problem.session === place.session),
	);
	assert.ok(
		found,
		`no ${code} at ${JSON.stringify(place)} among ${JSON.stringify(result.problems, null, 1)}`,
	);
	return found;
}

test("the record itself verifies, with the key and without", async () => {
	const result = await copy().verify();
	assert.deepEqual(result.problems, []);
	assert.deepEqual(
		[result.ok, result.logs, result.sessions, result.notes, result.keyTrusted],
		[true, 2, 10, [], true],
	);
	assert.ok(result.files >= 5 && result.checkpoints >= 12);
	const alone = await verifyRecord(copy().directory);
	assert.deepEqual([alone.ok, alone.keyTrusted, alone.keyId], [true, false, result.keyId]);
});

test("a changed byte is named with file, line, offset, sequence and session", async () => {
	const attacked = copy();
	const index = indexOf((event) => event["type"] === "command" && event.session === "b0");
	attacked.edit((all) => all.with(index, (all[index] ?? "").replace("SELECT 0", "SELECT 9")));
	const { seq } = first[index] ?? { seq: 0 };
	const result = await attacked.verify();
	assert.equal(result.problems.length, 1);
	const problem = expectProblem(result, "edited", { line: index + 1, seq, session: "b0" });
	assert.equal(problem.file, attacked.names[0]);
	const text = readFileSync(attacked.path(), "utf8");
	assert.equal(
		text
			.slice(problem.offset ?? 0)
			.split("\n")[0]
			?.includes("SELECT 9"),
		true,
	);
});

test("every byte of the record counts", async () => {
	const small = `${dataDir}/small`;
	const recorder = await openRecorder(small);
	record(recorder, "s1", 1);
	await recorder.close();
	const attacked = new Copy(small, recorder.publicKey);
	const bytes = readFileSync(attacked.path());
	const lastLine = bytes.lastIndexOf(0x0a, bytes.length - 2) + 1;
	const firstLine = bytes.indexOf(0x0a) + 1;
	// All of what is signed, and a spread of what is only chained.
	for (let at = 0; at < bytes.length; at += at < firstLine || at >= lastLine ? 1 : 5) {
		const changed = Buffer.from(bytes);
		changed[at] = (changed[at] ?? 0) ^ 1;
		writeFileSync(attacked.path(), changed);
		const result = await attacked.verify();
		// Without its line break the newest log's last line is taken for one that a kill cut off.
		const seen = at === bytes.length - 1 ? result.notes.length > 0 : !result.ok;
		assert.equal(seen, true, `byte ${at}`);
	}
});

test("an edit with its hash made anew shows at the next line, and in the session's next event", async () => {
	const attacked = copy();
	const index = indexOf((event) => event["type"] === "command" && event.session === "a0");
	attacked.edit((all) => all.with(index, rehash({ ...parse(all[index] ?? ""), text: "SELECT 'harmless'" })));
	const result = await attacked.verify();
	expectProblem(result, "chain_broken", { line: index + 2 });
	expectProblem(result, "session_broken", { session: "a0" });
});

test("an edit with every later hash made anew shows at the next checkpoint", async () => {
	const attacked = copy();
	const index = indexOf((event) => event["type"] === "command" && event.session === "a0");
	attacked.edit((all) =>
		rechain(all.with(index, rehash({ ...parse(all[index] ?? ""), text: "SELECT 'harmless'" }))),
	);
	const checkpoint = indexOf((event) => event["type"] === "checkpoint");
	const problem = expectProblem(await attacked.verify(), "signature_invalid", { line: checkpoint + 1 });
	assert.match(problem.message, new RegExp(`events 2 to ${first[checkpoint]?.seq} `));
});

test("a deleted line shows, whatever it was", async () => {
	for (const type of ["file", "session_start", "command", "outcome", "session_end", "checkpoint"]) {
		const attacked = copy();
		const index = indexOf((event) => event["type"] === type);
		attacked.edit((all) => all.toSpliced(index, 1));
		const result = await attacked.verify();
		expectProblem(result, "events_missing", { line: index + 1, seq: index + 2 });
	}
});

test("a deleted line, all else made anew, shows at the next checkpoint", async () => {
	const attacked = copy();
	const index = indexOf((event) => event["type"] === "command");
	attacked.edit((all) => rechain(all.toSpliced(index, 1)));
	expectProblem(await attacked.verify(), "signature_invalid", {});
});

test("a whole session taken out shows", async () => {
	const attacked = copy();
	const without = (all: string[]) => all.filter((line) => parse(line).session !== "b0");
	attacked.edit(without);
	expectProblem(await attacked.verify(), "events_missing", {});
	const thorough = copy();
	thorough.edit((all) => rechain(without(all)));
	expectProblem(await thorough.verify(), "signature_invalid", {});
});

test("two swapped lines show, of one session and of two", async () => {
	for (const [a, b] of [
		[5, 6],
		[5, 9],
		[3, 4],
	] as const) {
		const attacked = copy();
		attacked.edit((all) => all.with(a, all[b] ?? "").with(b, all[a] ?? ""));
		const result = await attacked.verify();
		expectProblem(result, "events_missing", { line: a + 1, seq: b + 1 });
		expectProblem(result, "out_of_order", { line: b + 1, seq: a + 1 });
	}
});

test("an event moved to another session shows", async () => {
	const index = indexOf((event) => event["type"] === "command" && event.session === "a0");
	const plain = copy();
	plain.edit((all) => all.with(index, (all[index] ?? "").replace('"session":"a0"', '"session":"b0"')));
	expectProblem(await plain.verify(), "edited", { line: index + 1 });
	const hashed = copy();
	hashed.edit((all) => all.with(index, rehash({ ...parse(all[index] ?? ""), session: "b0" })));
	const result = await hashed.verify();
	expectProblem(result, "session_broken", { line: index + 1, session: "b0" });
	expectProblem(result, "session_broken", { session: "a0" });
	expectProblem(result, "chain_broken", { line: index + 2 });
});

test("two commands swapped between sessions, all hashes made anew, show at the next checkpoint", async () => {
	const attacked = copy();
	const a = indexOf((event) => event["type"] === "command" && event.session === "a0");
	const b = indexOf((event) => event["type"] === "command" && event.session === "b0");
	attacked.edit((all) => {
		const [one, other] = [parse(all[a] ?? ""), parse(all[b] ?? "")];
		const text = (event: typeof one, from: typeof one) => rehash({ ...event, text: from["text"] });
		return rechain(all.with(a, text(one, { ...other, text: "SELECT 7" })).with(b, text(other, one)));
	});
	expectProblem(await attacked.verify(), "signature_invalid", {});
});

test("an inserted or repeated line shows", async () => {
	const attacked = copy();
	attacked.edit((all) => all.toSpliced(7, 0, all[6] ?? ""));
	expectProblem(await attacked.verify(), "out_of_order", { line: 8, seq: 7 });
	const garbage = copy();
	garbage.edit((all) => all.toSpliced(7, 0, "{}"));
	const result = await garbage.verify();
	assert.equal(result.problems.length, 1);
	expectProblem(result, "unreadable", { line: 8 });
});

test("a cut of an earlier log shows by the log that was begun after it", async () => {
	const newest = (dir: Copy) =>
		dir.names.findIndex((name) => !name.startsWith(dir.names[0]?.slice(0, 26) ?? "")) - 1;
	for (const cut of [1, 2, 5]) {
		const attacked = copy();
		attacked.edit((all) => all.slice(0, -cut), newest(attacked));
		expectProblem(await attacked.verify(), "cut", {});
	}
});

test("the newest log cut behind, at or before a checkpoint is not closed, and a kept checkpoint names the cut", async () => {
	const close = lines(dataDir).at(-1) as unknown as Anchor & { log: string };
	const known = [{ log: close.log, seq: close.seq, hash: close.hash }];
	for (const cut of [1, 3, 10, 15]) {
		const attacked = copy();
		attacked.edit((all) => all.slice(0, -cut), -1);
		const result = await attacked.verify();
		assert.equal(result.notes[0]?.code, "not_closed");
		expectProblem(await attacked.verify({ known }), "cut", { seq: close.seq });
	}
	assert.equal((await copy().verify({ known })).ok, true);
});

test("events put behind an earlier log's end show, though no checkpoint follows them", async () => {
	const attacked = copy();
	const file = attacked.names.findIndex((name) => name.slice(0, 26) !== attacked.names[0]?.slice(0, 26)) - 1;
	attacked.edit((all) => {
		const { hash, seq } = parse(all.at(-1) ?? "");
		const event = {
			seq: seq + 1,
			time: "2026-01-01T00:00:00.000Z",
			session: null,
			n: null,
			prev: null,
			chain: hash,
		};
		return [...all, rehash({ ...event, type: "policy", revision: "x", hash: "" })];
	}, file);
	const result = await attacked.verify();
	expectProblem(result, "after_close", {});
	expectProblem(result, "unsigned_tail", {});
});

test("a file that is gone is named: the first, one in the middle, a log's last, a whole log", async () => {
	for (const file of [0, 1]) {
		const attacked = copy();
		rmSync(attacked.path(file));
		const problem = expectProblem(await attacked.verify(), "file_missing", {});
		assert.equal(problem.file, attacked.names[file]);
	}
	const lastOfFirst = copy();
	const ofFirst = lastOfFirst.names.filter(
		(name) => name.slice(0, 26) === lastOfFirst.names[0]?.slice(0, 26),
	);
	rmSync(lastOfFirst.path(ofFirst.length - 1));
	expectProblem(await lastOfFirst.verify(), "cut", {});
	const whole = copy();
	for (const name of ofFirst) rmSync(join(whole.directory, name));
	expectProblem(await whole.verify(), "log_missing", {});
	const empty = copy();
	for (const name of empty.names) rmSync(join(empty.directory, name));
	expectProblem(await empty.verify(), "log_missing", {});
});

test("a renamed file, another file's copy in its place, and a file of a foreign name show", async () => {
	const renamed = copy();
	renameSync(renamed.path(1), join(renamed.directory, `${renamed.names[0]?.slice(0, 26)}.000099.log`));
	expectProblem(await renamed.verify(), "file_missing", {});
	const exchanged = copy();
	copyFileSync(exchanged.path(0), exchanged.path(1));
	expectProblem(await exchanged.verify(), "out_of_order", { seq: 1 });
	const foreign = copy();
	writeFileSync(join(foreign.directory, "mine.log"), "");
	expectProblem(await foreign.verify(), "foreign_file", {});
});

test("an older copy of a file put back shows", async () => {
	const attacked = copy();
	const size = statSync(attacked.path(1)).size;
	truncateSync(attacked.path(1), Math.floor(size / 2));
	attacked.edit((all) => all.slice(0, -1), 1);
	expectProblem(await attacked.verify(), "events_missing", {});
});

test("a record signed anew with another key shows against the key that was kept", async () => {
	const forger = `${dataDir}/forger`;
	const recorder = await openRecorder(forger);
	record(recorder, "s1", 3);
	await recorder.close();
	const result = await verifyRecord(join(forger, "record"), { publicKey });
	expectProblem(result, "wrong_key", { line: 1 });
	expectProblem(result, "signature_invalid", { line: 1 });
	assert.equal(result.checkpoints, 0);
});

test("a log signed with another key among the others shows even without a key that was kept", async () => {
	const mixed = `${dataDir}/mixed`;
	record(await openRecorder(mixed), "s1", 1);
	rmSync(join(mixed, "keys"), { recursive: true });
	const second = await openRecorder(mixed);
	record(second, "s2", 1);
	await second.close();
	expectProblem(await verifyRecord(join(mixed, "record")), "wrong_key", { line: 1 });
});

test("a signature taken off, borrowed, or put on a line that has none shows", async () => {
	const at = indexOf((event) => event["type"] === "checkpoint");
	const off = copy();
	off.edit((all) => all.with(at, (all[at] ?? "").replace(/,"signature":"[^"]*"/, "")));
	expectProblem(await off.verify(), "signature_invalid", { line: at + 1 });
	const { signature } = first[0] ?? {};
	const borrowed = copy();
	borrowed.edit((all) =>
		all.with(at, (all[at] ?? "").replace(/"signature":"[^"]*"/, `"signature":"${signature}"`)),
	);
	expectProblem(await borrowed.verify(), "signature_invalid", { line: at + 1 });
	const added = copy();
	added.edit((all) => all.with(2, `${(all[2] ?? "").slice(0, -1)},"signature":"${signature}"}`));
	expectProblem(await added.verify(), "edited", { line: 3 });
});

test("lines made to break the verification are named by it", async () => {
	const hash = "0".repeat(64);
	const deep = `{"seq":4,"x":${"[".repeat(100_000)}${"]".repeat(100_000)},"hash":"${hash}"}`;
	const odd = [
		"",
		"null",
		"[]",
		"\u0000",
		`{"hash":"${hash}"}`,
		`{"seq":1e999,"time":"x","hash":"${hash}"}`,
		`{"seq":4,"time":"2026-01-01T00:00:00Z","session":{},"n":1,"prev":"${hash}","chain":"${hash}","type":"command","hash":"${hash}"}`,
		`{"seq":4,"time":"2026-01-01T00:00:00Z","session":null,"n":null,"prev":null,"chain":"${hash}","type":"checkpoint","reason":{"toString":1},"log":[],"file":{},"open_sessions":{"toString":0},"hash":"${hash}"}`,
		`{"seq":4,"time":"2026-01-01T00:00:00Z","session":"__proto__","n":4,"prev":"${hash}","chain":"${hash}","type":"file","key":{"toString":1},"previous":7,"__proto__":{"seq":9},"hash":"${hash}"}`,
		deep,
		"x".repeat(2_000_000),
	];
	for (const line of odd) {
		for (const at of [0, 3]) {
			const attacked = copy();
			attacked.edit((all) => all.with(at, line));
			const result = await attacked.verify();
			assert.ok(
				result.problems.some((problem) => problem.line === at + 1),
				`${line.slice(0, 80)} at ${at}: ${JSON.stringify(result.problems.slice(0, 3))}`,
			);
		}
	}
});

test("a single file is verified by itself, and the result says that it stands alone", async () => {
	const original = copy();
	for (const [file, name] of original.names.entries()) {
		const result = await verifyRecord(join(original.directory, name), { publicKey });
		assert.deepEqual([result.ok, result.problems], [true, []], name);
		assert.deepEqual(
			result.notes.map((note) => note.code),
			["single_file"],
		);
		const attacked = copy();
		attacked.edit((all) => all.with(1, (all[1] ?? "").replace(/"time":"..../, '"time":"1999')), file);
		expectProblem(await verifyRecord(attacked.path(file), { publicKey }), "edited", { line: 2 });
	}
});
