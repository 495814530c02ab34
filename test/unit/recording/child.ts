/**
 * A process that records, for the tests that kill it or take its disk away: `node child.ts DATA_DIR DURABILITY`.
 * It obeys a line at a time and answers each with a line of JSON.
 */
import { closeSync, openSync, rmSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { RecordingError } from "../../../src/recording/index.ts";
import { command, end, openRecorder, outcome, start } from "./support.ts";

const [dataDir = "", durability = "write"] = process.argv.slice(2);
const recorder = await openRecorder(dataDir, { durability: durability as "write" | "fsync" });

const say = (answer: object) => writeSync(1, `${JSON.stringify(answer)}\n`);

async function attempt(what: () => void | Promise<void>): Promise<void> {
	try {
		await what();
		say({ ok: true });
	} catch (error) {
		if (!(error instanceof RecordingError)) throw error;
		say({ ok: false, code: error.code, operator: error.operator });
	}
}

/** Appends without end; each number is told only after append says that it is recorded. */
async function loop(): Promise<void> {
	for (let n = 1; ; n++) {
		await recorder.append(command(recorder, "s1", `loop-${n}`, `SELECT ${n} -- ${"x".repeat(n % 3000)}`));
		recorder.appendLater(outcome("s1", `loop-${n}`));
		writeSync(1, `${n}\n`);
		if (n % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
	}
}

function fill(path: string): void {
	const fd = openSync(path, "w");
	try {
		for (let size = 65_536; size >= 1; size = Math.floor(size / 2)) fillBy(fd, size);
	} finally {
		closeSync(fd);
	}
}

function fillBy(fd: number, size: number): void {
	try {
		for (;;) if (writeSync(fd, Buffer.alloc(size)) === 0) return;
	} catch {
		// It is full for pieces of this size.
	}
}

say({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
	const [verb, ...words] = line.split(" ");
	const [id = "", text = ""] = words;
	if (verb === "start") await attempt(() => recorder.append(start(id)));
	else if (verb === "command")
		await attempt(() => recorder.append(command(recorder, "s1", id, `SELECT '${text}'`)));
	else if (verb === "later") await attempt(() => recorder.appendLater(outcome("s1", id)));
	else if (verb === "end") await attempt(() => recorder.appendLater(end(id)));
	else if (verb === "healthy") say({ healthy: recorder.healthy });
	else if (verb === "fill") {
		fill(id);
		say({ ok: true });
	} else if (verb === "free") {
		rmSync(id);
		say({ ok: true });
	} else if (verb === "loop") await loop();
	else if (verb === "close") {
		await attempt(() => recorder.close());
		break;
	}
}
