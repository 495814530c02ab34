import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type RunningGateway, startGateway } from "../support/gateway.ts";
import { type RunningPostgres, startPostgres } from "../support/postgres.ts";
import { ReportServer } from "../support/report-server.ts";
import { eventually, openSession } from "./client.ts";

const SECRET = "correct-horse-battery";
const RULES = `package sallyport.command

allow contains {"rule": "everything"}

record contains {"rule": "payroll", "level": "none"} if contains(input.command.text, "payroll")
`;
/** Without the pack that has everything recorded. */
const PACKS = JSON.stringify({ sallyport: { packs: { safe_defaults: { enabled: false } } } });
const MASKS = `package system.log

mask contains {"op": "upsert", "path": "/input/principal/claims", "value": "hidden"}

mask contains "/input/session/startup"

drop if input.path == "sallyport/admin/decision"
`;

describe("what a gateway reports of its policy", () => {
	const reports = new ReportServer();
	let server: RunningPostgres;
	let gateway: RunningGateway;
	before(async () => {
		server = await startPostgres();
		gateway = await startGateway({
			upstream: server,
			policy: { files: { "rules.rego": RULES, "log.rego": MASKS, "data.json": PACKS } },
			config: {
				services: { reports: { url: await reports.start() } },
				labels: { region: "eu" },
				status: { service: "reports", trigger: "manual" },
				decision_logs: { service: "reports", reporting: { trigger: "manual" } },
			},
		});
	});
	after(async () => {
		await gateway?.stop();
		await server?.stop();
		await reports.stop();
	});
	const trigger = async (...args: string[]) => {
		const { code, stderr } = await gateway.cli(["bundle", "trigger", ...args]);
		assert.equal(code, 0, stderr);
	};

	it("logs decisions in OPA's form, by the ids of the record, without passwords and what is not to be recorded", async () => {
		const session = await openSession(gateway);
		await session.client.query(`CREATE ROLE reporter PASSWORD '${SECRET}'`);
		await session.client.query("SELECT $1::text AS payroll", ["4711-salary"]);
		assert.equal(await session.value("SELECT 40 + 2"), 42);
		await session.close();
		await trigger("--plugin", "decision_logs");
		const text = JSON.stringify(reports.posted);
		assert.equal(text.includes(SECRET), false, "a password's literal");
		assert.equal(text.includes("4711-salary"), false, "what the record withholds");
		assert.equal(text.includes('"startup"'), false, "what the mask erases");
		const { events } = reports;
		const paths = new Set(events.map((event: { path: string }) => event.path));
		assert.deepEqual([...paths].sort(), ["sallyport/command/decision", "sallyport/session/decision"]);
		const plain = events.find((event) => event.input.command?.text === "SELECT 40 + 2");
		assert.equal(plain.result.action, "allow");
		assert.equal(plain.labels.region, "eu");
		assert.equal(plain.input.principal.claims, "hidden");
		assert.deepEqual(plain.erased, ["/input/session/startup"]);
		assert.equal(typeof plain.bundles.main.revision, "string");
		const record = readdirSync(gateway.recordDir, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile() && !entry.name.endsWith(".pub"))
			.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
			.join("\n");
		for (const { decision_id: id } of events) assert.ok(record.includes(id), id);
		const role = events.find((event) => event.input.command?.text?.startsWith("CREATE ROLE"));
		assert.match(role.input.command.text, /PASSWORD \[redacted\]/);
		assert.equal(role.input.command.statements, undefined);
	});

	it("reports its state when asked, and has it in metrics", async () => {
		await trigger("--plugin", "status");
		const report = reports.posted.findLast(({ url }) => url === "/status")?.body;
		assert.equal(report.plugins.decision_logs.state, "OK");
		assert.equal(report.decision_logs.code, undefined);
		assert.ok(report.decision_logs.metrics.counter_decision_logs_chunks_uploaded >= 1);
		const metrics = await (
			await fetch(`${gateway.controlUrl}/metrics`, {
				headers: { authorization: `Bearer ${gateway.tokens.admin}` },
			})
		).text();
		assert.match(metrics, /sallyport_decision_log_uploaded_total [1-9]/);
		assert.match(metrics, /sallyport_decision_log_dropped_total\{reason="mask_failure"\} 0/);
		assert.match(metrics, /sallyport_bundle_healthy\{bundle="main"\} 1/);
	});

	it("triggers only for those who may, and only what is there", async () => {
		const refused = await gateway.cli(["bundle", "trigger"], { token: gateway.tokens.agent });
		assert.equal(refused.code, 1);
		assert.equal((await gateway.cli(["bundle", "trigger", "nothing"])).code, 1);
		const { stdout } = await gateway.cli(["bundle", "trigger", "main", "--json"]);
		assert.equal(JSON.parse(stdout).bundles[0].error, null);
		const before = reports.posted.length;
		process.kill(gateway.pid, "SIGHUP");
		await eventually("a report after SIGHUP", async () => reports.posted.length > before || undefined);
	});
});
