import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Script } from "node:vm";
import type { Binding } from "../../../src/approvals/index.ts";
import type { RecordEvent } from "../../../src/recording/index.ts";
import { type Control, sessionView, startControl } from "./support.ts";

const started = (id: string): RecordEvent => ({
	type: "session_start",
	session: id,
	principal: {
		subject: "agent-7",
		kind: "agent",
		provider: "static",
		issuer: "static",
		email: null,
		groups: [],
		claims: {},
		on_behalf_of: null,
	},
	connection: { name: "orders", type: "postgres", labels: { env: "prod" } },
	context: {
		id,
		started_at: "2026-11-26T10:00:00Z",
		client_address: "127.0.0.1",
		client_application: "psql",
		reason: "",
		startup: { user: "u", settings: {}, options: "" },
	},
	database: "orders",
	credential: { id: "static:agent-7", kind: "static" },
	decision_id: "d1",
	decision: { action: "allow", revision: "r1", reasons: [], cost: 1 },
});

describe("sessions over HTTP", () => {
	let control: Control;
	before(async () => {
		control = await startControl();
		control.state.sessions.set("s1", sessionView("s1", "agent-7"));
		control.state.sessions.set("s2", sessionView("s2", "agent-8"));
	});
	after(() => control.stop());

	it("lists only those that the caller may read", async () => {
		assert.equal((await control.get("/api/v1/sessions")).json.sessions.length, 2);
		control.state.decide = ({ action, resource }) =>
			action !== "sessions:read" || resource.owner === "static|agent-7";
		const { sessions } = (await control.get("/api/v1/sessions", { token: "agent-token" })).json;
		control.state.decide = () => true;
		assert.deepEqual(
			sessions.map(({ id }: { id: string }) => id),
			["s1"],
		);
	});

	it("replays what the record holds of an ended session, a step a line", async () => {
		const { recorder } = control;
		await recorder.append(started("ended-1"));
		await recorder.append({
			type: "session_end",
			session: "ended-1",
			reason: "client",
			message: "bye\u001b[2J",
		});
		const answer = await control.get("/api/v1/sessions/ended-1/replay");
		assert.match(answer.headers.get("content-type") ?? "", /ndjson/);
		const steps = answer.text
			.trimEnd()
			.split("\n")
			.map((line) => JSON.parse(line));
		assert.deepEqual(
			steps.map(({ type }) => type),
			["session_start", "session_end"],
		);
		assert.ok(!steps.some(({ lines }) => lines.join("").includes("\u001b")));
		const shown = (await control.get("/api/v1/sessions/ended-1")).json;
		assert.equal(shown.state, "ended");
		assert.equal(shown.principal.issuer, "static");
		assert.equal((await control.get("/api/v1/sessions/nothing/replay")).status, 404);
		const all = (await control.get("/api/v1/sessions?state=all")).json.sessions;
		assert.ok(all.some(({ id }: { id: string }) => id === "ended-1"));
		assert.ok((await control.adminEvents()).includes("sessions:replay done"));
		const everything = (await control.get("/api/v1/audit?limit=0&session=ended-1")).text;
		assert.equal(everything.trim().split("\n").length, 2);
		const found = await control.get("/api/v1/audit?type=session_end");
		assert.equal(JSON.parse(found.text.split("\n")[0] ?? "").session, "ended-1");
	});
});

describe("sessions followed over HTTP", () => {
	let control: Control;
	before(async () => {
		control = await startControl();
	});
	after(() => control.stop());

	const FIRST = "agent-7 (agent, static) on orders, database orders, from 127.0.0.1";
	const failed = (session: string, message: string) =>
		control.recorder.append({
			...{ type: "error", session, command: null, code: "internal", message, operator: null },
		} as const);

	/** Follows a session that is open; answers the types of the steps that came, and calls `then` after the first. */
	async function followed(id: string, then: () => Promise<unknown>): Promise<string[]> {
		control.state.sessions.set(id, sessionView(id, "agent-7"));
		await control.recorder.append(started(id));
		const answer = await fetch(`${control.url}/api/v1/sessions/${id}/replay?follow=true`, {
			headers: { authorization: "Bearer dana-token" },
		});
		const seen: string[] = [];
		try {
			for await (const chunk of answer.body ?? []) {
				const lines = Buffer.from(chunk).toString("utf8").trim().split("\n");
				seen.push(...lines.map((line) => JSON.parse(line).lines[0]));
				if (seen.length === 1) await then();
			}
		} catch {
			seen.push("(broken off)");
		}
		return seen;
	}

	it("show what happens until the session ends", async () => {
		const seen = await followed("live-1", async () => {
			await failed("live-1", "second");
			await control.recorder.append(started("another"));
			await control.recorder.append({
				type: "session_end",
				session: "live-1",
				reason: "client",
				message: null,
			});
		});
		assert.deepEqual(seen, [FIRST, "error internal: second", "session ended: client"]);
		const recorded = await control.adminEvents();
		assert.equal(recorded.filter((event) => event === "sessions:replay done").length, 1);
	});

	it("show nothing more to whoever lost the right to see it", async () => {
		const seen = await followed("live-2", async () => {
			control.state.decide = () => false;
			await failed("live-2", "not for them");
		});
		control.state.decide = () => true;
		assert.deepEqual(seen, [FIRST, "(broken off)"]);
	});

	it("end when the session is gone without a last word", async () => {
		const seen = await followed("live-3", async () => {
			control.state.sessions.delete("live-3");
		});
		assert.deepEqual(seen, [FIRST]);
	});
});

describe("tokens over HTTP", () => {
	let control: Control;
	before(async () => {
		control = await startControl();
		control.state.decide = () => true;
	});
	after(() => control.stop());

	it("makes a token that works once it is shown, and not after it is revoked", async () => {
		const made = await control.post("/api/v1/tokens", {
			subject: "ci-1",
			kind: "agent",
			groups: ["ci"],
			expires_in: "1h",
		});
		assert.equal(made.status, 201);
		const { token, record } = made.json;
		assert.equal((await control.get("/api/v1/whoami", { token })).json.principal.subject, "ci-1");
		const listed = await control.get("/api/v1/tokens");
		assert.equal(listed.json.tokens[0].id, record.id);
		assert.ok(!listed.text.includes(token));
		assert.equal((await control.call("DELETE", `/api/v1/tokens/${record.id}`)).status, 200);
		const after = await control.get("/api/v1/whoami", { token });
		assert.equal(after.json.code, "token_revoked");
	});

	it("calls a token the caller's own only when it can do no more than the caller", async () => {
		const owner = async (body: object) => {
			await control.post("/api/v1/tokens", { expires_in: "1h", ...body });
			return control.state.asked.at(-1)?.resource.owner;
		};
		assert.equal(await owner({ subject: "dana", kind: "human" }), "static|dana");
		assert.equal(await owner({ subject: "dana", kind: "agent", groups: ["dba"] }), "static|dana");
		assert.equal(await owner({ subject: "dana", kind: "human", groups: ["admins"] }), null);
		assert.equal(await owner({ subject: "dana", kind: "service" }), null);
		assert.equal(await owner({ subject: "erin", kind: "human" }), null);
	});

	it("refuses an expiry that is none or too far", async () => {
		for (const expires_in of ["soon", "9999d", "0s"]) {
			const answer = await control.post("/api/v1/tokens", { subject: "x", kind: "agent", expires_in });
			assert.equal(answer.status, 400, expires_in);
		}
	});
});

describe("approvals over HTTP", () => {
	let control: Control;
	before(async () => {
		control = await startControl();
		control.state.decide = () => true;
	});
	after(() => control.stop());

	function request(text: string) {
		const binding: Binding = {
			hash: text.padEnd(64, "0"),
			principal: {
				subject: "agent-7",
				kind: "agent",
				provider: "static",
				issuer: "static",
				email: null,
				groups: [],
				claims: {},
				on_behalf_of: null,
			},
			session: "s1",
			connection: "orders",
			shown: {
				text,
				runs: [],
				parameters: [],
				role: "app",
				effects: ["write"],
				relations: [{ name: "public.orders", access: ["update"] }],
				reason: "",
			},
		};
		const requirement = {
			rule: "bulk",
			approvers: ["user:static/dana"],
			min: 1,
			expires: "5m",
			scope: "command" as const,
		};
		return control.approvals.request({ binding, requirement, command: "c1" });
	}

	it("shows exactly what will run, invisible characters made visible", async () => {
		const pending = request("UPDATE orders SET total = 0\u202e -- \u0000");
		const shown = (await control.get(`/api/v1/approvals/${pending.id}`)).json;
		assert.equal(shown.display.text, "UPDATE orders SET total = 0⟨U+202E⟩ -- ⟨U+0000⟩");
		assert.equal(shown.state, "pending");
	});

	it("lets an approver answer once and nobody answer their own", async () => {
		const pending = request("UPDATE orders SET total = 1");
		const path = `/api/v1/approvals/${pending.id}`;
		const own = await control.post(`${path}/approve`, {}, { token: "agent-token" });
		assert.equal(own.status, 403);
		assert.equal(own.json.code, "approval_own_request");
		const granted = await control.post(`${path}/approve`, { reason: "INC-1" });
		assert.equal(granted.json.state, "granted");
		assert.equal(await pending.settled, "granted");
		assert.equal((await control.post(`${path}/deny`)).status, 409);
		assert.equal((await control.post("/api/v1/approvals/unknown/deny")).json.code, "approval_unknown");
	});

	it("asks the policy about the answer with the requester as owner", async () => {
		const pending = request("UPDATE orders SET total = 2");
		control.state.decide = ({ action }) => action !== "approvals:approve";
		const answer = await control.post(`/api/v1/approvals/${pending.id}/approve`);
		control.state.decide = () => true;
		assert.equal(answer.json.code, "forbidden");
		assert.deepEqual(control.state.asked.at(-1)?.resource, {
			type: "approval",
			id: pending.id,
			owner: "static|agent-7",
			connection: "orders",
			labels: { env: "prod" },
		});
		assert.equal((await control.get(`/api/v1/approvals/${pending.id}`)).json.state, "pending");
	});

	it("serves one page for all requests, under a policy that lets no other script run", async () => {
		const one = await control.get("/approvals/abc", { token: "" });
		const two = await control.get("/approvals/xyz", { token: "" });
		assert.equal(one.text, two.text);
		assert.ok(!one.text.includes("abc"));
		const policy = one.headers.get("content-security-policy") ?? "";
		assert.match(policy, /default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'/);
		assert.ok(!policy.includes("unsafe"));
		assert.equal(one.headers.get("x-frame-options"), "DENY");
		const script = /<script type="module">([\s\S]*)<\/script>/.exec(one.text)?.[1] ?? "";
		assert.ok(script.length > 1_000);
		new Script(script);
		const digest = createHash("sha256").update(script).digest("base64");
		assert.ok(policy.includes(`script-src 'sha256-${digest}'`), "the browser would run it");
		assert.ok(!/innerHTML|document\.write|insertAdjacentHTML|eval\(/.test(one.text));
	});
});

describe("the bundle server", () => {
	let control: Control;
	before(async () => {
		control = await startControl();
		control.state.decide = () => true;
	});
	after(() => control.stop());

	const archive = (facts: object) => Buffer.from(JSON.stringify(facts));
	const push = (facts: object) =>
		control.call("PUT", "/bundles/main", {
			body: archive(facts),
			headers: { "content-type": "application/gzip" },
		});

	it("publishes revisions, answers 304 to who has the one in force, and keeps earlier ones", async () => {
		const first = await push({ revision: "a", sequence: 1, signed: true });
		assert.equal(first.status, 200);
		const got = await control.get("/bundles/main");
		assert.equal(got.headers.get("content-type"), "application/vnd.openpolicyagent.bundles");
		const etag = got.headers.get("etag") ?? "";
		assert.equal(etag, `"${first.json.etag}"`);
		assert.equal((await control.get("/bundles/main", { headers: { "if-none-match": etag } })).status, 304);
		await push({ revision: "b", sequence: 2, signed: true });
		const second = await control.get("/bundles/main", { headers: { "if-none-match": etag } });
		assert.equal(JSON.parse(second.text).revision, "b");
		const current = await readFile(join(control.directory, "shelf", "main", "current.tar.gz"), "utf8");
		assert.equal(JSON.parse(current).revision, "b");
		const earlier = await control.get(`/bundles/main?etag=${first.json.etag}`);
		assert.equal(JSON.parse(earlier.text).revision, "a");
		const listed = (await control.get("/api/v1/bundles")).json.published;
		assert.deepEqual(
			listed.map(({ revision, current }: { revision: string; current: boolean }) => [revision, current]),
			[
				["b", true],
				["a", false],
			],
		);
	});

	it("refuses a sequence that doesn't rise, and takes the same archive twice", async () => {
		assert.equal((await push({ revision: "c", sequence: 2, signed: true })).json.code, "bundle_conflict");
		assert.equal((await push({ revision: "c", sequence: null, signed: true })).json.code, "bundle_conflict");
		assert.equal((await push({ revision: "b", sequence: 2, signed: true })).status, 200);
	});

	it("leaves signed bundles to be signed anew, and rolls unsigned ones back itself", async () => {
		const signed = await control.post("/api/v1/bundles/main/rollback");
		assert.equal(signed.json.code, "bundle_signed");
		await push({ revision: "c", sequence: 3, signed: false });
		await push({ revision: "d", sequence: 4, signed: false });
		const back = await control.post("/api/v1/bundles/main/rollback");
		assert.equal(back.json.revision, "c");
		assert.ok(back.json.sequence > 4);
		assert.equal(back.json.current, true);
	});

	it("takes one push at a time", async () => {
		const answers = await Promise.all(
			[1e13, 1e13 + 1, 1e13 + 1].map((sequence, at) => push({ revision: `p${at}`, sequence, signed: false })),
		);
		assert.equal(answers.filter(({ status }) => status === 200).length, 2);
	});

	it("has nothing under other names, and takes no names that are paths", async () => {
		assert.equal((await control.get("/bundles/other")).status, 404);
		assert.equal((await control.get("/bundles/..%2fmain")).status, 400);
		assert.equal((await control.call("PUT", "/bundles/main", { body: { a: 1 } })).status, 415);
	});
});
