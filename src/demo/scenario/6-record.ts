import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readSession, verifyRecord } from "../../recording/index.ts";
import type { ControlClient } from "../stage/control.ts";
import type { Scene } from "./scene.ts";

interface ReplayLine {
	readonly at: number;
	readonly type: string;
	readonly lines: readonly string[];
}

const SHOWN_STEPS = 6;
const POLL_MS = 50;
const PATIENCE_MS = 10_000;
/** What is written in place of one byte of a recorded statement. */
const OTHER_LETTER = "X";

/** The session is replayed and its record verified; one byte changed in a copy is found and named. */
export async function record(scene: Scene): Promise<void> {
	const { narrator, stage, agent, approverControl } = scene;
	await agent.close();

	const path = `api/v1/sessions/${agent.session}/replay`;
	narrator.sent(stage.gateway.approver.name, `GET /${path}`);
	const steps = await endedSession(approverControl, path);
	for (const { at, lines } of steps.slice(0, SHOWN_STEPS)) narrator.fact(clock(at), lines.join("\n"));
	narrator.remark(`... ${steps.length} steps in all`);
	const text = JSON.stringify(steps);
	const kinds = new Set(steps.map(({ type }) => type));
	const wanted = ["session_start", "command", "forwarded", "rows", "outcome", "approval", "session_end"];
	narrator.check(
		wanted.every((kind) => kinds.has(kind)) && text.includes("DELETE FROM orders"),
		"the session replays from its first statement to its last, refused ones and approvals too",
	);
	const [person] = await stage.database.direct("SELECT email, card FROM customers WHERE id = 7");
	narrator.check(
		Object.values(person ?? {}).every((secret) => !text.includes(String(secret))),
		"its rows are masked in the record as well",
	);

	const directory = stage.gateway.recordDirectory;
	narrator.sent("verify", directory);
	const sound = await verifyRecord(directory);
	narrator.fact(
		"finds",
		`${sound.events} events, ${sound.checkpoints} signed checkpoints, ${sound.problems.length} problems`,
	);
	narrator.check(sound.ok && sound.events > 0, "the record verifies, from nothing but its files");

	await tamper(scene);
}

/** The replay, once the gateway has seen that the connection was closed. */
async function endedSession(control: ControlClient, path: string): Promise<ReplayLine[]> {
	const deadline = Date.now() + PATIENCE_MS;
	for (;;) {
		const steps = await control.lines<ReplayLine>(path);
		if (steps.at(-1)?.type === "session_end" || Date.now() > deadline) return steps;
		await sleep(POLL_MS, undefined, { ref: false });
	}
}

/** Changes one letter of a recorded statement in a copy of the record. */
async function tamper({ narrator, stage, agent }: Scene): Promise<void> {
	const copy = join(stage.directory, "tampered");
	await cp(stage.gateway.recordDirectory, copy, { recursive: true });
	const events = await readSession(copy, agent.session);
	const target = events.find(
		({ type, fields }) => type === "command" && fields["text"] === "DELETE FROM orders",
	);
	if (target === undefined) throw new Error("the denied DELETE is not in the record");
	const file = join(copy, target.file);
	const bytes = await readFile(file);
	const at = bytes.indexOf('"text":"DELETE FROM orders"') + '"text":"'.length;
	bytes.write(OTHER_LETTER, at, "latin1");
	await writeFile(file, bytes);

	narrator.sent("verify", `${copy}, in which one byte of ${target.file} was changed (at ${at})`);
	const { ok, problems } = await verifyRecord(copy);
	const [first] = problems;
	if (first !== undefined)
		narrator.fact(
			"finds",
			`${first.code}: ${first.file}:${first.line}, byte ${first.offset}, sequence ${first.seq}: ${first.message}`,
		);
	narrator.check(
		!ok &&
			first?.code === "edited" &&
			first.file === target.file &&
			first.line === target.line &&
			first.seq === target.seq,
		"the change shows, and so does its place",
	);
}

/** Time since the session's start: `1.2 s`. */
const clock = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
