import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { openPolicy, type ReadyPolicy, readBundleAt, replayImpact } from "../../src/policy/index.ts";
import {
	DEFAULT_RECORDINGS,
	RecordedAnalysis,
	Recorder,
	recordDirectory,
	recordedCommands,
} from "../../src/recording/index.ts";
import { analysedSelect } from "../postgres/sample.ts";
import { line, target } from "./lines.ts";
import { DEFAULT_BUNDLE } from "./places.ts";

const QUIET = { debug() {}, info() {}, warn() {}, error() {} };
const SESSIONS = 50;

interface ReplayFigures {
	readonly commands: number;
	/** Commands a second where equal ones are asked about once, and where each is evaluated twice. */
	readonly perSecond: number;
	readonly perSecondEachEvaluated: number;
	readonly threads: number;
}

/** What `policy impact` does in a second: from a record's files to the report, on all cores. */
export async function benchReplay(quick: boolean): Promise<void> {
	const { commands, perSecond, perSecondEachEvaluated, threads } = await replayFigures(
		quick ? 20_000 : 100_000,
	);
	console.log(
		`replay: ${commands.toLocaleString("en-US")} recorded commands of 50 sessions, ${threads} threads`,
	);
	target("commands a second, equal ones asked about once", perSecond, 20_000, "", "at least");
	line("commands a second where each is evaluated twice", perSecondEachEvaluated, "");
	console.log("");
}

/**
 * A record of `count` commands by 50 sessions, each with a text of its own, replayed from its files through two copies
 * of the shipped policy.
 */
async function replayFigures(count: number): Promise<ReplayFigures> {
	const directory = mkdtempSync(join(tmpdir(), "sallyport-bench-"));
	try {
		const records = await record(directory, count);
		const { ready } = await openPolicy(await readBundleAt(DEFAULT_BUNDLE));
		const threads = availableParallelism();
		const rate = async (policy: ReadyPolicy): Promise<number> => {
			const report = await replayImpact(policy, policy, recordedCommands(records), { threads });
			if (report.replayed !== count) throw new Error(`${report.replayed} of ${count} commands were replayed`);
			return Math.round((count / report.milliseconds) * 1000);
		};
		return {
			commands: count,
			perSecond: await rate(ready),
			perSecondEachEvaluated: await rate({ ...ready, reuse: null }),
			threads,
		};
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

async function record(directory: string, count: number): Promise<string> {
	const recorder = await Recorder.open({ dataDir: directory, config: DEFAULT_RECORDINGS, log: QUIET });
	const { head, tail } = analysedSelect(0);
	const analysis = new RecordedAnalysis(`${head.slice(0, head.indexOf(',"text":'))}${tail}}`);
	const names = Array.from(
		{ length: SESSIONS },
		(_, at) => `01jdhq3v6m00000000000000${String(at).padStart(2, "0")}`,
	);
	const principal = {
		subject: "agent-7",
		kind: "agent",
		provider: "static",
		issuer: "static",
		email: null,
		groups: ["agents"],
		claims: {},
		on_behalf_of: null,
	} as const;
	for (const session of names) {
		recorder.append({
			type: "session_start",
			session,
			principal: { ...principal, groups: ["agents"] },
			connection: { name: "orders", type: "postgres", labels: { env: "prod" } },
			context: {
				id: session,
				started_at: "2026-11-26T10:00:00.000Z",
				client_address: "127.0.0.1",
				client_application: "pgbench",
				reason: "",
				startup: { user: "bench", settings: { application_name: "pgbench" }, options: "" },
			},
			database: "orders",
			credential: { id: "static", kind: "static" },
			decision_id: session,
			decision: { action: "allow", revision: "bench", reasons: [], cost: 100 },
		});
	}
	const limits = { max_rows: null, max_bytes: null, timeout: null };
	const reasons = [
		{ rule: "safe-defaults", message: "reads, bounded writes and what data permits", remedy: null },
	];
	for (let at = 0; at < count; at++) {
		const session = names[at % SESSIONS] ?? "";
		recorder.stage({
			type: "command",
			session,
			id: `d${at}`,
			stage: "execute",
			text: recorder.text(analysedSelect(at).text),
			fingerprint: "a0b1c2d3e4f50617",
			parameters: [],
			level: "commands",
			decision: {
				action: "allow",
				revision: "bench",
				reasons,
				masks: [],
				filters: [],
				limits,
				record: "commands",
				cost: 2000,
			},
			analysis,
		});
		if (at % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
	}
	await recorder.close();
	return recordDirectory(DEFAULT_RECORDINGS, directory);
}
