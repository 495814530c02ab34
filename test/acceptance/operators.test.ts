import assert from "node:assert/strict";
import {
	copyFileSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type CliResult, type RunningGateway, runCli, startGateway } from "../support/gateway.ts";
import { type RunningPostgres, startPostgres } from "../support/postgres.ts";
import { control, eventually, openSession } from "./client.ts";

const POLICY = {
	files: {
		"rules.rego": `package sallyport.command

require_approval contains {"rule": "two-eyes", "approvers": ["group:static/approvers"]} if {
	some write in input.command.writes
	write.relation == "public.held"
}
`,
	},
};

function done(result: CliResult): string {
	assert.equal(result.code, 0, result.stderr);
	return result.stdout;
}

const json = <T>(result: CliResult): T => JSON.parse(done(result)) as T;

describe("an operator at the command line", () => {
	let server: RunningPostgres;
	let gateway: RunningGateway;
	let directory: string;
	before(async () => {
		directory = mkdtempSync(join(tmpdir(), "sallyport-operators-"));
		server = await startPostgres();
		await server.query("CREATE TABLE held (id int)");
		gateway = await startGateway({ upstream: server, policy: POLICY });
	});
	after(async () => {
		await gateway.stop();
		await server.stop();
		rmSync(directory, { recursive: true, force: true });
	});

	const cli = (words: string, token?: string) =>
		gateway.cli(words.split(" "), token === undefined ? {} : { token });

	describe("identity", () => {
		it("whoami says who the token stands for, and fails for nobody's", async () => {
			const { principal } = json<{ principal: { subject: string; groups: string[] } }>(
				await cli("whoami --json"),
			);
			assert.deepEqual([principal.subject, principal.groups], ["root", ["admins"]]);
			const nobody = await cli("whoami", "nobody-has-this-token");
			assert.equal(nobody.code, 1);
			assert.match(nobody.stderr, /^remedy: /m);
		});

		it("a token is made, used, listed, revoked, and then ends its session", async () => {
			const { token, record } = json<{ token: string; record: { id: string } }>(
				await cli("token create --subject robot --kind agent --group agents --expires 1h --json"),
			);
			const session = await openSession(gateway, token);
			assert.equal(await session.value("SELECT 42"), 42);
			const listed = json<{ id: string; subject: string; revoked_at: string | null }[]>(
				await cli("token ls --json"),
			);
			assert.deepEqual(
				listed.filter(({ id }) => id === record.id).map(({ subject, revoked_at }) => [subject, revoked_at]),
				[["robot", null]],
			);
			assert.ok(!JSON.stringify(listed).includes(token.split("_")[2] ?? token));
			done(await cli(`token revoke ${record.id}`));
			assert.equal((await session.ended)?.code, "57P01");
			await assert.rejects(openSession(gateway, token), { code: "28P01" });
		});

		it("a token that expires ends its session", async () => {
			const { token } = json<{ token: string }>(
				await cli("token create --subject fleeting --expires 2s --json"),
			);
			const session = await openSession(gateway, token);
			assert.equal(await session.value("SELECT 1"), 1);
			assert.equal((await session.ended)?.code, "57P01");
			await assert.rejects(openSession(gateway, token), { code: "28P01" });
		});

		it("an agent can make no tokens", async () => {
			const { code, stderr } = await cli("token create --subject another --expires 1h", gateway.tokens.agent);
			assert.equal(code, 1);
			assert.match(stderr, /code: \w+/);
		});
	});

	describe("connections", () => {
		it("are listed without their secrets, and tried", async () => {
			const out = done(await cli("connections ls --json"));
			assert.deepEqual(
				(JSON.parse(out) as { name: string }[]).map(({ name }) => name),
				["orders"],
			);
			assert.ok(!out.includes("quoted"), "a part of the upstream's password");
			assert.equal(json<{ ok: boolean }>(await cli("connections test orders --json")).ok, true);
			assert.equal((await cli("connections test nowhere")).code, 1);
		});

		it("connect opens psql with the token, and passes its exit code on", async () => {
			const works = await gateway.cli(["connect", "orders", "--", "-XAtc", "SELECT 6 * 7"]);
			assert.equal(done(works), "42\n");
			const fails = await gateway.cli(["connect", "orders", "--", "-XAtc", "SELECT nope"]);
			assert.equal(fails.code, 1);
			assert.match(fails.stderr, /column "nope" does not exist/);
		});
	});

	describe("sessions", () => {
		it("are shown while they are open, killed with a message, and replayed from the record", async () => {
			const session = await openSession(gateway);
			await session.value("SELECT 'said in this session'");
			await session.value("ROLLBACK");
			const open = json<{ id: string; state: string }[]>(await cli("sessions ls --json"));
			assert.deepEqual(
				open.map(({ state }) => state),
				["open"],
			);
			const id = open[0]?.id ?? "";
			assert.equal(json<{ commands: number }>(await cli(`sessions show ${id} --json`)).commands, 2);
			done(await gateway.cli(["sessions", "kill", id, "--message", "maintenance begins"]));
			const error = await session.ended;
			assert.equal(error?.code, "57P01");
			assert.match(error.message, /maintenance begins/);
			const replayed = done(await cli(`sessions replay ${id}`));
			assert.match(
				replayed,
				/said in this session[\s\S]+completed, SELECT 1[\s\S]+ROLLBACK\n +allow \(whatever the policy says\)[\s\S]+session ended: session_killed, maintenance begins/,
			);
			assert.ok(
				json<{ id: string; state: string }[]>(await cli("sessions ls --all --json")).some(
					(each) => each.id === id && each.state === "ended",
				),
			);
		});

		it("of others are not an agent's to see or to end", async () => {
			const session = await openSession(gateway);
			const [open] = json<{ id: string }[]>(await cli("sessions ls --json"));
			const other = gateway.tokens.otherAgent;
			assert.deepEqual(json<unknown[]>(await cli("sessions ls --json", other)), []);
			assert.equal((await cli(`sessions kill ${open?.id}`, other)).code, 1);
			assert.equal(await session.value("SELECT 1"), 1);
			await session.close();
		});
	});

	describe("approvals", () => {
		const pending = () =>
			eventually("a pending request", async () => {
				const all = json<{ id: string; state: string }[]>(await cli("approvals ls --json"));
				return all.find(({ state }) => state === "pending")?.id;
			});

		it("are listed, shown whole, and approved by somebody else than who asks", async () => {
			const session = await openSession(gateway);
			const running = session.client.query("INSERT INTO held VALUES (1)");
			const id = await pending();
			assert.match(done(await cli(`approvals show ${id}`)), /INSERT INTO held VALUES \(1\)/);
			assert.equal((await cli(`approvals approve ${id}`, gateway.tokens.agent)).code, 1);
			assert.deepEqual(await server.query("SELECT * FROM held"), []);
			done(
				await gateway.cli(["approvals", "approve", id, "--reason", "looks right"], {
					token: gateway.tokens.approver,
				}),
			);
			assert.equal((await running).rowCount, 1);
			assert.deepEqual(await server.query("SELECT * FROM held"), [["1"]]);
			assert.equal((await cli(`approvals approve ${id}`, gateway.tokens.approver)).code, 1);
			await session.close();
		});

		it("that are denied deny the command", async () => {
			const session = await openSession(gateway);
			const failing = session.failure("INSERT INTO held VALUES (2)");
			done(await cli(`approvals deny ${await pending()}`, gateway.tokens.approver));
			assert.equal((await failing)?.code, "42501");
			assert.equal(await session.value("SELECT count(*)::int FROM held"), 1);
			await session.close();
		});
	});

	describe("policy", () => {
		it("eval shows input and decision, explain says them in words, and neither runs anything", async () => {
			const sql = "DELETE FROM held";
			const { input, decision } = json<{
				input: { command: { writes: { op: string }[] } };
				decision: { action: string };
			}>(await gateway.cli(["policy", "eval", "--connection", "orders", "--sql", sql, "--json"]));
			assert.equal(decision.action, "deny");
			assert.equal(input.command.writes[0]?.op, "delete");
			const said = done(await gateway.cli(["policy", "explain", "--connection", "orders", "--sql", sql]));
			assert.match(said, /unbounded-write/);
			assert.deepEqual(await server.query("SELECT count(*) FROM held"), [["1"]]);
		});

		it("eval refuses what the target would", async () => {
			const { code, stderr } = await gateway.cli([
				"policy",
				"eval",
				"--connection",
				"orders",
				"--sql",
				"SELEC",
			]);
			assert.equal(code, 1);
			assert.match(stderr, /syntax error/);
		});
	});

	describe("the record", () => {
		it("is searched", async () => {
			const session = await openSession(gateway);
			assert.equal((await session.failure("DROP TABLE held"))?.code, "42501");
			await session.close();
			const out = done(await cli("audit search --type command --action deny --json"));
			const events = out
				.trim()
				.split("\n")
				.map((line) => JSON.parse(line) as { text: string });
			assert.ok(events.some(({ text }) => text === "DROP TABLE held"));
		});

		it("verifies, and a byte that was changed is named by its place", async () => {
			assert.equal((await runCli(["audit", "verify", gateway.recordDir])).code, 0);
			const copy = join(directory, "record");
			mkdirSync(copy, { recursive: true });
			for (const name of readdirSync(gateway.recordDir))
				copyFileSync(join(gateway.recordDir, name), join(copy, name));
			const [file = ""] = readdirSync(copy).filter((name) =>
				/DROP TABLE held/.test(readFileSync(join(copy, name), "latin1")),
			);
			const lines = readFileSync(join(copy, file), "utf8").split("\n");
			const at = lines.findIndex((line) => line.includes("DROP TABLE held"));
			lines[at] = (lines[at] ?? "").replace("DROP TABLE held", "DROP TABLE helf");
			writeFileSync(join(copy, file), lines.join("\n"));
			const { code, stdout, stderr } = await runCli(["audit", "verify", copy, "--json"]);
			assert.equal(code, 1, stderr);
			assert.match(stdout, new RegExp(`${file.replaceAll(".", "\\.")}[\\s\\S]*\\b${at + 1}\\b`));
		});
	});

	describe("the control listener", () => {
		it("says that it is alive and ready", async () => {
			assert.deepEqual(await (await fetch(`${gateway.controlUrl}/healthz`)).json(), { status: "ok" });
			const ready = await fetch(`${gateway.controlUrl}/readyz`);
			assert.deepEqual(
				[ready.status, await ready.json()],
				[200, { ready: true, policy: true, record: true }],
			);
		});

		it("counts", async () => {
			const text = await (await control(gateway, "metrics")).text();
			assert.match(text, /^sallyport_decisions_total\{action="deny"\} [1-9]/m);
			assert.equal((await fetch(`${gateway.controlUrl}/metrics`)).status, 401);
		});

		it("describes itself", async () => {
			const document = (await (await control(gateway, "api/openapi.json")).json()) as {
				openapi: string;
				paths: object;
			};
			assert.match(document.openapi, /^3\./);
			for (const path of [
				"/api/v1/sessions",
				"/api/v1/approvals",
				"/api/v1/tokens",
				"/api/v1/policy/explain",
			])
				assert.ok(path in document.paths, path);
		});
	});

	describe("usage", () => {
		for (const words of [
			"nonsense",
			"sessions",
			"bundle push",
			"token create --kind robot",
			"audit search --limit many",
		])
			it(`\`${words}\` is wrong usage: 2`, async () => {
				const { code, stdout, stderr } = await cli(words);
				assert.deepEqual([code, stdout], [2, ""]);
				assert.notEqual(stderr, "");
			});

		it("a gateway that isn't there is a failure: 1, with a remedy", async () => {
			const { code, stderr } = await runCli(["whoami", "--url", "http://127.0.0.1:9", "--token", "x"]);
			assert.equal(code, 1);
			assert.match(stderr, /^remedy: /m);
		});

		it("completion completes", async () => {
			for (const shell of ["bash", "zsh", "fish"])
				assert.match(done(await runCli(["completion", shell])), /sallyport/);
		});
	});

	describe("files", () => {
		it("config check takes the file of a running gateway, and names the line of a mistake", async () => {
			done(await runCli(["config", "check", "-c", gateway.configFile]));
			const file = join(directory, "wrong.yaml");
			writeFileSync(file, "listeners:\n  control: { address: 127.0.0.1:0 }\n  postgress: {}\n");
			const { code, stderr } = await runCli(["config", "check", "-c", file]);
			assert.equal(code, 1);
			assert.match(stderr, /wrong\.yaml:3/);
			assert.match(stderr, /postgres\b/);
		});

		it("config schema prints a JSON Schema", async () => {
			assert.equal(json<{ type: string }>(await runCli(["config", "schema"])).type, "object");
		});

		it("a bundle is built, decides without a gateway, and a cut one is refused", async () => {
			const file = join(directory, "bundle.tar.gz");
			done(await runCli(["bundle", "build", "-o", file, "--revision", "r1"]));
			done(await runCli(["bundle", "verify", file]));
			writeFileSync(join(directory, "cut.tar.gz"), readFileSync(file).subarray(0, 5_000));
			assert.equal((await runCli(["bundle", "verify", join(directory, "cut.tar.gz")])).code, 1);
			const asked = await gateway.cli([
				"policy",
				"eval",
				"--connection",
				"orders",
				"--sql",
				"SELECT 1",
				"--json",
			]);
			const { input } = json<{ input: object }>(asked);
			const inputFile = join(directory, "input.json");
			writeFileSync(inputFile, JSON.stringify(input));
			const args = ["policy", "eval", "--bundle", file, "--input", inputFile, "--json"];
			assert.equal(json<{ decision: { action: string } }>(await runCli(args)).decision.action, "allow");
		});
	});
});
