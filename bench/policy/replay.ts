import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { CommandParameters } from "../../src/commands/index.ts";
import {
	openPolicy,
	type PolicyEngine,
	type PolicyPair,
	readBundleAt,
	replayImpact,
} from "../../src/policy/index.ts";
import {
	DEFAULT_RECORDINGS,
	RecordedAnalysis,
	RecordedVerdict,
	Recorder,
	recordDirectory,
	recordedCommands,
} from "../../src/recording/index.ts";
import { analysedSelect, sampleInput } from "../postgres/sample.ts";
import { line, target } from "./lines.ts";
import { DEFAULT_BUNDLE } from "./places.ts";

const QUIET = { debug() {}, info() {}, warn() {}, error() {} };
const SESSIONS = 50;

/** What `policy impact` does in a second: from a record's files to the report, on all cores. */
export async function benchReplay(quick: boolean): Promise<void> {
	const count = quick ? 20_000 : 100_000;
	const threads = availableParallelism();
	const directory = mkdtempSync(join(tmpdir(), "sallyport-bench-"));
	try {
		const policy = await openPolicy(await readBundleAt(DEFAULT_BUNDLE));
		const records = await record(directory, count, policy);
		const rate = async (pair: PolicyPair): Promise<number> => {
			const { replayed, changes, milliseconds } = await replayImpact(pair, recordedCommands(records), {
				threads,
			});
			if (replayed !== count) throw new Error(`${replayed} of ${count} commands were replayed`);
			if (Object.values(changes).some((changed) => changed > 0)) throw new Error("a decision changed");
			return Math.round((count / milliseconds) * 1000);
		};
		const { ready } = policy;
		const each = { ...ready, reuse: null };
		const other = { ...each, revision: "another" };
		console.log(
			`replay: ${count.toLocaleString("en-US")} recorded commands of 50 sessions, ${threads} threads`,
		);
		const least = (what: string, perSecond: number) => target(what, perSecond, 20_000, "", "at least");
		least("commands a second", await rate({ running: ready, candidate: ready }));
		least("the same, none taken for equal to another", await rate({ running: each, candidate: each }));
		line(
			"the same, and another revision decided: both asked about each",
			await rate({ running: other, candidate: each }),
			"",
		);
		console.log("");
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

/** A record of `count` commands by 50 sessions, each with a text of its own; answers where it is. */
async function record(directory: string, count: number, policy: PolicyEngine): Promise<string> {
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
	const { decision: answer, cost } = policy.decideCommand(sampleInput(0));
	const { action, reasons, masks, filters, limits, record } = answer;
	if (action !== "allow") throw new Error("the sample is not allowed");
	const decision = { action, revision: policy.revision, reasons, masks, filters, limits, record, cost };
	const verdict = new RecordedVerdict("execute", "a0b1c2d3e4f50617", analysis, "commands", decision);
	for (let at = 0; at < count; at++) {
		const session = names[at % SESSIONS] ?? "";
		recorder.stage({
			type: "command",
			session,
			id: `d${at}`,
			text: recorder.text(analysedSelect(at).text),
			verdict,
			parameters: CommandParameters.NONE,
		});
		if (at % 1_000 === 0) await new Promise((resolve) => setImmediate(resolve));
	}
	await recorder.close();
	return recordDirectory(DEFAULT_RECORDINGS, directory);
}
