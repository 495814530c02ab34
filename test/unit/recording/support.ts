import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { CommandParameters, type SqlParameter } from "../../../src/commands/index.ts";
import type { Log } from "../../../src/lib/index.ts";
import {
	type CommandEvent,
	DEFAULT_RECORDINGS,
	type DecisionRecord,
	type ErrorEvent,
	type OutcomeEvent,
	RecordedVerdict,
	Recorder,
	type RecordingsConfig,
	type SessionEndEvent,
	type SessionStartEvent,
} from "../../../src/recording/index.ts";
import { FLUSH_DELAY_MS } from "../../../src/recording/recorder.ts";

/** A log that keeps what it is told. */
export class KeptLog implements Log {
	readonly entries: { level: string; fields: Record<string, unknown>; message: string }[] = [];
	debug = (fields: object, message: string) => this.#keep("debug", fields, message);
	info = (fields: object, message: string) => this.#keep("info", fields, message);
	warn = (fields: object, message: string) => this.#keep("warn", fields, message);
	error = (fields: object, message: string) => this.#keep("error", fields, message);

	#keep(level: string, fields: object, message: string): void {
		this.entries.push({ level, fields: fields as Record<string, unknown>, message });
	}
}

/** A directory that goes when the test does. */
export function scratch(context: TestContext): string {
	const directory = mkdtempSync(join(tmpdir(), "sallyport-record-"));
	context.after(() => rmSync(directory, { recursive: true, force: true }));
	return directory;
}

export function openRecorder(
	dataDir: string,
	config: Partial<RecordingsConfig> = {},
	options: { log?: Log; probeIntervalMs?: number } = {},
): Promise<Recorder> {
	return Recorder.open({
		dataDir,
		config: { ...DEFAULT_RECORDINGS, ...config },
		log: options.log ?? new KeptLog(),
		probeIntervalMs: options.probeIntervalMs ?? 20,
	});
}

export const ALLOW: DecisionRecord = {
	action: "allow",
	revision: "r1",
	reasons: [{ rule: "read-orders", message: "reads are fine", remedy: null }],
	masks: [],
	filters: [],
	limits: { max_rows: null, max_bytes: null, timeout: null },
	record: "full",
	cost: 1990,
};

export function start(session: string): SessionStartEvent {
	return {
		type: "session_start",
		session,
		principal: {
			subject: "agent-7",
			kind: "agent",
			provider: "static",
			issuer: "static",
			email: null,
			groups: ["agents"],
			claims: {},
			on_behalf_of: null,
		},
		connection: { name: "orders", type: "postgres", labels: { env: "prod" } },
		context: {
			id: session,
			started_at: "2026-01-01T00:00:00.000Z",
			client_address: "127.0.0.1",
			client_application: "psql",
			reason: "",
			startup: { user: "app", settings: {}, options: "" },
		},
		database: "orders",
		credential: { id: "token-1", kind: "static" },
		decision_id: `${session}-open`,
		decision: { action: "allow", revision: "r1", reasons: [], cost: 100 },
	};
}

export function command(
	recorder: Recorder,
	session: string,
	id: string,
	text: string,
	more: Partial<Omit<CommandEvent, "parameters">> & { parameters?: readonly SqlParameter[] | null } & Partial<
			Pick<RecordedVerdict, "stage" | "level" | "decision" | "fingerprint" | "analysis">
		> = {},
): CommandEvent {
	const {
		stage = "execute",
		level = "full",
		decision = ALLOW,
		fingerprint = "f1",
		analysis = null,
		parameters = [],
		...event
	} = more;
	return {
		type: "command",
		session,
		id,
		text: recorder.text(text),
		verdict: new RecordedVerdict(stage, fingerprint, analysis, level, decision),
		parameters: parameters === null ? null : CommandParameters.of(parameters),
		...event,
	};
}

export function outcome(session: string, id: string): OutcomeEvent {
	return {
		type: "outcome",
		session,
		command: id,
		statement: 0,
		status: "completed",
		tag: "SELECT 1",
		rows: 1,
		bytes: 20,
		duration_us: 1200,
		sqlstate: null,
	};
}

/** Something went wrong in a session. */
export function failure(session: string): ErrorEvent {
	return { type: "error", session, command: null, code: "gate_failed", message: "failed", operator: null };
}

export function end(session: string): SessionEndEvent {
	return { type: "session_end", session, reason: "client", message: null };
}

/** A whole session of so many commands. */
export function record(recorder: Recorder, session: string, commands: number): void {
	recorder.append(start(session));
	for (let n = 1; n <= commands; n++) {
		const id = `${session}-${n}`;
		recorder.append(command(recorder, session, id, `SELECT ${n}`));
		recorder.appendLater(outcome(session, id));
	}
	recorder.append(end(session));
}

export function recordDir(dataDir: string): string {
	return join(dataDir, "record");
}

export function files(dataDir: string): string[] {
	return readdirSync(recordDir(dataDir)).sort();
}

/** Every line of the record as it stands in the files. */
export function lines(dataDir: string): Record<string, unknown>[] {
	return files(dataDir).flatMap((name) =>
		readFileSync(join(recordDir(dataDir), name), "utf8")
			.split("\n")
			.filter((line) => line !== "")
			.map((line) => JSON.parse(line) as Record<string, unknown>),
	);
}

/** When what waited is in the files: timers fire in the order of their times, and the recorder's is the earlier. */
export function flushed(): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, 4 * FLUSH_DELAY_MS));
}
