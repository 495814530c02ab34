import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type RunningGateway, startGateway, type TestPolicy } from "../support/gateway.ts";
import { type RunningPostgres, startPostgres } from "../support/postgres.ts";
import { eventually, openSession } from "./client.ts";

const policyOf = (rules: string): TestPolicy => ({ files: { "rules.rego": rules } });

/** Whoever deletes waits for the approvers that are named; nothing is held without any. */
const held = (approvers: string) =>
	policyOf(`package sallyport.command
require_approval contains {"rule": "deletes", "approvers": ["${approvers}"]} if {
	some write in input.command.writes
	write.op == "delete"
}
`);
const denied = policyOf(`package sallyport.command
deny contains {"rule": "no-deletes", "message": "nothing is deleted today"} if {
	some write in input.command.writes
	write.op == "delete"
}
`);
const nobodyNamed = (subject: string) =>
	policyOf(`package sallyport.session
deny contains {"rule": "not-${subject}", "message": "${subject} is off duty"} if input.principal.subject == "${subject}"
`);

let server: RunningPostgres;
let gateway: RunningGateway;
before(async () => {
	server = await startPostgres();
	await server.query("CREATE TABLE things (id int)");
	gateway = await startGateway({ upstream: server, policy: { files: {} } });
});
after(async () => {
	await gateway?.stop();
	await server?.stop();
});

const cli = async (...args: string[]) => {
	const { code, stdout, stderr } = await gateway.cli(args);
	assert.equal(code, 0, stderr);
	return stdout;
};

describe("a new revision and the sessions that are open", () => {
	it("ends the one that its session rule forbids, with the reason, and leaves the others alone", async () => {
		const mine = await openSession(gateway);
		const other = await openSession(gateway, gateway.tokens.otherAgent);
		await gateway.replacePolicy(nobodyNamed("agent-7"));
		const ended = await mine.ended;
		assert.equal(ended?.code, "57P01");
		assert.match(
			ended?.message ?? "",
			/no longer allows this session: agent-7 is off duty \(rule not-agent-7\)/,
		);
		assert.equal(await other.value("SELECT 1"), 1);
		await assert.rejects(openSession(gateway), { code: "42501" });
		const { sessions } = { sessions: JSON.parse(await cli("sessions", "ls", "--all", "--json")) };
		assert.ok(sessions.some((each: { end_reason: string }) => each.end_reason === "session_forbidden"));
		await other.close();
		await gateway.replacePolicy({ files: {} });
		const again = await openSession(gateway);
		assert.equal(await again.value("SELECT 2"), 2);
		await again.close();
	});

	it("decides what is held anew: other approvers are asked, then it is let go, then refused", async () => {
		const pending = async (approvers: string) => {
			const all = JSON.parse(await cli("approvals", "ls", "--json")) as {
				state: string;
				requirement: { approvers: string[] };
			}[];
			return all.some((each) => each.state === "pending" && each.requirement.approvers.includes(approvers))
				? true
				: undefined;
		};
		await gateway.replacePolicy(held("group:static/approvers"));
		const session = await openSession(gateway);
		const released = session.failure("DELETE FROM things WHERE id = 1");
		await eventually("the first request", () => pending("group:static/approvers"));
		await gateway.replacePolicy(held("group:static/others"));
		await eventually("a request to the others", () => pending("group:static/others"));
		assert.equal(
			await pending("group:static/approvers"),
			undefined,
			"what nobody needs any more is withdrawn",
		);
		await gateway.replacePolicy({ files: {} });
		assert.equal(await released, null, "it ran");

		await gateway.replacePolicy(held("group:static/approvers"));
		const refused = session.failure("DELETE FROM things WHERE id = 2");
		await eventually("the second request", () => pending("group:static/approvers"));
		await gateway.replacePolicy(denied);
		assert.match((await refused)?.message ?? "", /nothing is deleted today/);
		assert.equal(await pending("group:static/approvers"), undefined);
		await session.close();
		await gateway.replacePolicy({ files: {} });
	});
});

describe("a lock", () => {
	const lock = async (...args: string[]) =>
		JSON.parse(await cli("lock", "add", ...args, "--json")) as { id: string; target: string };

	it("ends the principal's sessions at once, refuses new ones and the control plane, until it is removed", async () => {
		const mine = await openSession(gateway);
		const other = await openSession(gateway, gateway.tokens.otherAgent);
		const { id } = await lock("user:static/agent-7", "--message", "token leaked, call security");
		const ended = await mine.ended;
		assert.equal(ended?.code, "57P01");
		assert.match(ended?.message ?? "", /locked: token leaked, call security/);
		await assert.rejects(openSession(gateway), (error: { code: string; message: string }) => {
			assert.equal(error.code, "28000");
			assert.match(error.message, /token leaked, call security/);
			return true;
		});
		const whoami = await gateway.cli(["whoami"], { token: gateway.tokens.agent });
		assert.match(whoami.stderr, /token leaked/);
		assert.match(await cli("lock", "ls"), /user:static\/agent-7/);
		assert.equal(await other.value("SELECT 1"), 1);
		await cli("lock", "rm", id);
		const again = await openSession(gateway);
		await again.close();
		await other.close();
	});

	it("on a group of any provider, or on a connection, concerns whoever is of it", async () => {
		for (const target of ["group:*/agents", "connection:orders"]) {
			const session = await openSession(gateway);
			const { id } = await lock(target);
			assert.equal((await session.ended)?.code, "57P01", target);
			await assert.rejects(openSession(gateway), { code: "28000" }, target);
			await cli("lock", "rm", id);
		}
	});

	it("lapses by itself", async () => {
		await lock("user:*/agent-7", "--expires", "1s");
		await assert.rejects(openSession(gateway), { code: "28000" });
		const session = await eventually("the lock's end", () => openSession(gateway).catch(() => undefined));
		await session.close();
		assert.deepEqual(JSON.parse(await cli("lock", "ls", "--json")), []);
	});

	it("outlives a restart", async () => {
		const directory = mkdtempSync(join(tmpdir(), "sallyport-locks-"));
		const first = await startGateway({ upstream: server, directory });
		assert.equal((await first.cli(["lock", "add", "user:static/agent-8"])).code, 0);
		await first.kill();
		await first.stop();
		const second = await startGateway({ upstream: server, directory });
		await assert.rejects(openSession(second, second.tokens.otherAgent), { code: "28000" });
		await second.stop();
		rmSync(directory, { recursive: true });
	});

	it("is an administrator's to make, and never on oneself", async () => {
		const args = ["lock", "add", "user:static/ana"];
		const agent = await gateway.cli(args, { token: gateway.tokens.agent });
		assert.match(agent.stderr, /code: forbidden/);
		for (const target of ["user:static/root", "user:*/root", "group:static/admins"])
			assert.match((await gateway.cli(["lock", "add", target])).stderr, /code: lock_own/, target);
		for (const target of ["ana", "user:ana", "group:/x", "connection:", "user:static/"])
			assert.match((await gateway.cli(["lock", "add", target])).stderr, /code: lock_target_invalid/, target);
		assert.match((await gateway.cli(["lock", "rm", "nothing"])).stderr, /code: lock_unknown/);
		const found = await gateway.cli(["audit", "search", "--type", "admin", "--json"]);
		assert.match(found.stdout, /locks:add/);
	});
});
