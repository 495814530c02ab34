/** Why commands were decided as they were, and what a candidate would have decided otherwise: from a real record. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { ImpactReport, ShadowStatus } from "../../src/policy/index.ts";
import { type RunningGateway, runCli, startGateway } from "../support/gateway.ts";
import { type RunningPostgres, startPostgres } from "../support/postgres.ts";
import { eventually, openSession } from "./client.ts";

const RULES = `package sallyport.command

import data.sallyport.sql

deny contains {"rule": "secrets", "message": "secrets are not read"} if sql.touches("public.secrets")

deny contains {"rule": "seven", "message": "not the seventh"} if {
	some parameter in input.command.parameters
	parameter.value == "7"
}

deny contains {"rule": "listed", "message": "not who is listed"} if {
	input.principal.subject in data.directory.listed
}

require_approval contains {"rule": "deletes", "approvers": ["group:static/approvers"]} if {
	some write in sql.writes
	write.op == "delete"
}
`;

describe("policy impact and coverage", () => {
	let server: RunningPostgres;
	let gateway: RunningGateway;
	let directory: string;
	let denial: string;
	const at = (name: string) => join(directory, name);
	/** The gateway's bundle of data. */
	const listed = (revision: string, subjects: readonly string[]) => {
		mkdirSync(at("data/directory"), { recursive: true });
		writeFileSync(at("data/.manifest"), JSON.stringify({ revision, roots: ["directory"] }));
		writeFileSync(at("data/directory/data.json"), JSON.stringify({ listed: subjects }));
		execFileSync("tar", ["-czf", at("directory.new"), "-C", at("data"), "."]);
		renameSync(at("directory.new"), at("directory.tar.gz"));
	};
	const report = async (...args: string[]): Promise<ImpactReport> => {
		const { stdout, stderr } = await gateway.cli(["policy", "impact", "--json", ...args]);
		assert.ok(stdout.startsWith("{"), stderr);
		return JSON.parse(stdout) as ImpactReport;
	};

	before(async () => {
		directory = mkdtempSync(join(tmpdir(), "sallyport-impact-"));
		server = await startPostgres();
		await server.query(
			"CREATE TABLE secrets (id int); CREATE TABLE plain (id int); INSERT INTO plain VALUES (1)",
		);
		listed("nobody", []);
		gateway = await startGateway({
			upstream: server,
			directory: at("gateway"),
			merge: { bundles: { directory: { resource: `file://${at("directory.tar.gz")}` } } },
		});
		mkdirSync(at("policy"));
		writeFileSync(at("policy/rules.rego"), RULES);
		const session = await openSession(gateway);
		for (const id of [1, 2, 3]) await session.value(`SELECT count(*) FROM secrets WHERE id = ${id}`);
		for (const id of [6, 7]) await session.client.query("SELECT id FROM plain WHERE id = $1", [id]);
		await session.client.query("SET application_name = 'again'");
		await session.value("DELETE FROM plain WHERE id = 9");
		const refused = await session.failure("DELETE FROM plain");
		denial = /decision (\w+)/.exec(refused?.detail ?? "")?.[1] ?? "";
		await session.close();
		await eventually("the whole session in the record", async () => {
			const { stdout } = await gateway.cli(["audit", "search", "--type", "session_end", "--json"]);
			return stdout === "" ? undefined : true;
		});
		assert.equal((await runCli(["bundle", "build", at("policy"), "-o", at("candidate.tar.gz")])).code, 0);
	});
	after(async () => {
		await gateway?.stop();
		await server?.stop();
		rmSync(directory, { recursive: true, force: true });
	});

	it("the policy in force decides each recorded command as it was decided", async () => {
		const running = join(gateway.directory, "bundle.tar.gz");
		const { replayed, drifted, changes, skipped } = await report("--candidate", running);
		assert.ok(replayed >= 8, `${replayed}`);
		assert.deepEqual([drifted, skipped], [0, {}]);
		assert.ok(Object.values(changes).every((count) => count === 0));
	});

	it("each decision that changes is counted, grouped and shown, newly denied first", async () => {
		const { stdout, stderr, code } = await gateway.cli([
			"policy",
			"impact",
			"--candidate",
			at("candidate.tar.gz"),
			"--since",
			"1h",
			"--fail-on",
			"newly-denied>0",
			"--fail-on",
			"newly-allowed>0",
			"--export",
			at("changes.jsonl"),
			"--markdown",
			at("impact.md"),
			"--json",
		]);
		const { groups, changes } = JSON.parse(stdout) as ImpactReport;
		assert.equal(code, 1, "newly denied commands break the first bound");
		assert.equal(stderr, "broken: newly-denied>0 (there are 4)\n");
		assert.deepEqual([changes["newly-denied"], changes["newly-held"], changes["newly-allowed"]], [4, 1, 0]);
		assert.deepEqual(
			groups.map(({ change, rule, principal, connection, count }) => [
				change,
				rule,
				principal,
				connection,
				count,
			]),
			[
				["newly-denied", "secrets", "static/agent-7", "orders", 3],
				["newly-denied", "seven", "static/agent-7", "orders", 1],
				["newly-held", "deletes", "static/agent-7", "orders", 1],
			],
		);
		assert.match(groups[0]?.examples[0]?.text ?? "", /FROM secrets WHERE id = 1/);
		const exported = readFileSync(at("changes.jsonl"), "utf8").trim().split("\n");
		assert.equal(exported.length, 5, "each decision, not only the examples");
		assert.match(
			readFileSync(at("impact.md"), "utf8"),
			/### Newly denied[^#]*\| 3 \| `secrets` \| `static\/agent-7` \| `orders` \|/,
		);
	});

	it("the same without a gateway, from the record's files and two bundles", async () => {
		const running = join(gateway.directory, "bundle.tar.gz");
		const { stdout, code } = await runCli([
			"policy",
			"impact",
			"--record",
			gateway.recordDir,
			"--running",
			running,
			"--candidate",
			at("policy"),
			"--json",
		]);
		assert.equal(code, 0);
		assert.equal((JSON.parse(stdout) as ImpactReport).changes["newly-denied"], 4);
	});

	it("a time and a connection choose the commands", async () => {
		const candidate = at("candidate.tar.gz");
		assert.equal((await report("--candidate", candidate, "--connection", "nowhere")).replayed, 0);
		assert.equal((await report("--candidate", candidate, "--until", "1h")).replayed, 0);
	});

	it("each command is asked about with the data that it was decided with, as long as that is kept", async () => {
		const inForce = (revision: string) =>
			eventually(`data ${revision}`, async () => {
				const status = (await gateway.cli(["bundle", "status", "--json"])).stdout;
				return status.includes(`"${revision}"`) ? true : undefined;
			});
		const session = await openSession(gateway);
		for (const [revision, subjects] of [
			["seven", ["agent-7"]],
			["eight", ["agent-8"]],
		] as const) {
			listed(revision, subjects);
			await inForce(revision);
			await session.value(`SELECT count(*) AS ${revision} FROM plain`);
		}
		await session.close();
		const replayed = async () => {
			const { groups, other_data } = await report("--candidate", at("candidate.tar.gz"));
			const texts = groups
				.filter(({ rule }) => rule === "listed")
				.flatMap(({ examples }) => examples.map(({ text }) => text));
			return { texts, other_data };
		};
		assert.deepEqual(await replayed(), {
			texts: ["SELECT count(*) AS seven FROM plain"],
			other_data: 0,
		});
		rmSync(at("gateway/data/earlier-data"), { recursive: true });
		const later = await replayed();
		assert.deepEqual(later.texts, [], "with the data of now");
		assert.ok(later.other_data > 8, "what was decided with other data is counted");
	});

	it("only who may read what others did replays it, and a candidate that doesn't run is refused", async () => {
		const asAgent = await gateway.cli(["policy", "impact", "--candidate", at("candidate.tar.gz")], {
			token: gateway.tokens.agent,
		});
		assert.match(asAgent.stderr, /code: forbidden/);
		writeFileSync(at("broken.tar.gz"), "no archive");
		const broken = await gateway.cli(["policy", "impact", "--candidate", at("broken.tar.gz")]);
		assert.match(broken.stderr, /code: bundle_/);
		assert.equal((await gateway.cli(["policy", "impact", "--candidate", "x", "--fail-on", "much"])).code, 2);
	});

	it("coverage tells which rules decided how often, and which never", async () => {
		const { stdout } = await gateway.cli(["policy", "coverage", "--since", "1h", "--json"]);
		const { decisions, rules } = JSON.parse(stdout) as {
			decisions: number;
			rules: { set: string; rule: string; fired: number | null; file: string; line: number }[];
		};
		const fired = (rule: string) => rules.find((each) => each.rule === rule)?.fired;
		assert.ok(decisions >= 8);
		assert.equal(fired("unbounded-write"), 1);
		assert.equal(fired("no-truncate"), 0);
		assert.equal((fired("safe-defaults") ?? 0) + 1, decisions);
		const never = (await gateway.cli(["policy", "coverage", "--never"])).stdout;
		assert.match(never, /0 +command\/deny +no-truncate +sallyport\/packs\/safe_defaults\.rego:\d+/);
		assert.doesNotMatch(never, /unbounded-write/);
	});

	it("whoever got a denial is told why, and what would have gone through", async () => {
		const asAgent = await gateway.cli(["policy", "explain", denial], { token: gateway.tokens.agent });
		assert.equal(asAgent.code, 0, asAgent.stderr);
		assert.match(asAgent.stdout, /command +DELETE FROM plain\n/);
		assert.match(
			asAgent.stdout,
			/deny unbounded-write: DELETE on public\.plain .*\[sallyport\/packs\/safe_defaults\.rego:\d+\]/,
		);
		assert.match(
			asAgent.stdout,
			/It would go through\n {2}with a WHERE clause that names the rows of public\.plain\n/,
		);
		assert.match(asAgent.stdout, /fired {2}deny unbounded-write/);
		assert.match(asAgent.stdout, /deny no-truncate .* lacked line \d+: write\.op == "truncate"/);
		const other = await gateway.cli(["policy", "explain", denial], { token: gateway.tokens.otherAgent });
		assert.match(other.stderr, /code: forbidden/);
		assert.match((await gateway.cli(["policy", "explain", "nothing"])).stderr, /code: not_found/);
	});

	it("of a session's start and of an action in the control plane it tells who was answered what, and why", async () => {
		const events = (await gateway.cli(["audit", "search", "--json"])).stdout.trim().split("\n");
		const idOf = (type: string) =>
			events
				.map((line) => JSON.parse(line))
				.find((event) => event.type === type && event.decision_id !== null)?.decision_id as string;
		const opened = await gateway.cli(["policy", "explain", idOf("session_start")], {
			token: gateway.tokens.agent,
		});
		assert.match(opened.stdout, /who +static\/agent-7 on orders\naction +allow by revision/, opened.stderr);
		assert.match(opened.stdout, /no input +it is the start of a session, or an action in the control plane/);
		const administered = await gateway.cli(["policy", "explain", idOf("admin")]);
		assert.match(administered.stdout, /who +static\/root\naction +allow by/, administered.stderr);
	});

	it("eval shows a recorded command's exact input, and explain as JSON all that it knows", async () => {
		const { stdout } = await gateway.cli(["policy", "eval", denial, "--json"]);
		const { recorded, now } = JSON.parse(stdout);
		assert.equal(recorded.action, "deny");
		assert.equal(now.evaluated.input.command.text, "DELETE FROM plain");
		assert.equal(now.evaluated.input.session.client_application, "again");
		const explained = JSON.parse((await gateway.cli(["policy", "explain", denial, "--json"])).stdout);
		assert.deepEqual(Object.keys(explained), ["recorded", "explanation", "other_rules"]);
		assert.ok(explained.other_rules.some((rule: { fired: boolean }) => rule.fired));
	});

	it("a command of a protocol that is not spoken yet is asked about by its structured input", async () => {
		writeFileSync(
			at("k8s.json"),
			JSON.stringify({ command: { type: "kubernetes", verb: "delete", resource: "secrets" } }),
		);
		const { stdout } = await gateway.cli(["policy", "explain", "--input", at("k8s.json")]);
		assert.match(stdout, /Denied: .*\n {2}deny default: no rule allows this command/);
		const offline = await runCli([
			"policy",
			"eval",
			"--bundle",
			at("candidate.tar.gz"),
			"--input",
			at("k8s.json"),
			"--json",
		]);
		assert.equal(JSON.parse(offline.stdout).input.connection.type, "kubernetes");
		const ssh = await gateway.cli(["policy", "eval", "--connection", "orders", "--ssh", "rm -rf /"]);
		assert.equal(ssh.code, 1);
		assert.match(ssh.stderr, /doesn't analyse shell commands\.\n.*--input FILE/);
	});

	it("a candidate beside the live policy sees the share that it is given, and changes no answer", async () => {
		const start = (share: string) =>
			gateway.cli(["policy", "shadow", "start", "--candidate", at("candidate.tar.gz"), "--share", share]);
		const status = async () =>
			JSON.parse((await gateway.cli(["policy", "shadow", "status", "--json"])).stdout) as ShadowStatus;
		assert.match((await gateway.cli(["policy", "shadow", "status"])).stderr, /code: not_found/);
		const session = await openSession(gateway);
		try {
			assert.equal((await start("0.5")).code, 0);
			for (const id of [1, 2, 3, 4, 5, 6, 7, 8])
				await session.value(`SELECT count(*) FROM secrets WHERE id = ${id}`);
			const half = await eventually("half of them", async () => {
				const seen = await status();
				return seen.report.replayed === 4 ? seen : undefined;
			});
			assert.deepEqual([half.report.changes["newly-denied"], half.dropped, half.ended], [4, 0, null]);
			assert.equal(half.report.groups[0]?.rule, "secrets");
			const metrics = await (
				await fetch(`${gateway.controlUrl}/metrics`, {
					headers: { authorization: `Bearer ${gateway.tokens.admin}` },
				})
			).text();
			assert.match(metrics, /sallyport_shadow_changes\{change="newly-denied"\} 4/);
			assert.equal((await gateway.cli(["policy", "shadow", "stop"])).code, 0);
			assert.match((await gateway.cli(["policy", "shadow", "status"])).stderr, /code: not_found/);
			assert.equal((await start("2")).code, 2);
		} finally {
			await session.close();
		}
	});
});
