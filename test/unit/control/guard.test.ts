import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, describe, it } from "node:test";
import { STATUSES } from "../../../src/control/statuses.ts";
import { errorTables } from "../../../tools/docs/error-tables.ts";
import { type Control, sessionView, startControl } from "./support.ts";

describe("the guard of the control plane", () => {
	let control: Control;
	before(async () => {
		control = await startControl();
	});
	after(() => control.stop());

	it("answers 401 without a token, with a wrong one, and with a scheme other than Bearer", async () => {
		for (const options of [
			{ token: "" },
			{ token: "nobody" },
			{ token: "", headers: { authorization: "Basic ZGFuYTpkYW5h" } },
		]) {
			const answer = await control.get("/api/v1/whoami", options);
			assert.equal(answer.status, 401);
			assert.match(answer.headers.get("www-authenticate") ?? "", /^Bearer/);
			assert.deepEqual(Object.keys(answer.json), ["code", "message", "remedy"]);
		}
	});

	it("asks the policy for every route but the health checks and the static page", async () => {
		const document = (await control.get("/api/openapi.json")).json;
		let guarded = 0;
		for (const [path, operations] of Object.entries(document.paths as Record<string, object>)) {
			for (const method of Object.keys(operations)) {
				const anonymous = await control.call(method.toUpperCase(), path.replaceAll(/\{\w+\}/g, "x"), {
					token: "",
				});
				const isPublic = ["/healthz", "/readyz"].includes(path);
				assert.equal(anonymous.status === 401, !isPublic, `${method} ${path}: ${anonymous.status}`);
				if (!isPublic) guarded += 1;
			}
		}
		assert.ok(guarded > 20, `${guarded} operations`);
	});

	it("refuses with the policy's reasons and remedy, and puts the refusal into the record", async () => {
		const answer = await control.get("/api/v1/sessions", { token: "agent-token" });
		assert.equal(answer.status, 403);
		assert.deepEqual(answer.json, {
			code: "forbidden",
			message: "Denied by policy: said the test (rule test-deny).",
			remedy: "ask the test",
		});
		assert.ok((await control.adminEvents()).includes("sessions:list denied"));
	});

	it("tells the policy who, what, whose, and from where", async () => {
		control.state.sessions.set("s1", sessionView("s1", "agent-7"));
		await control.get("/api/v1/sessions/s1");
		const input = control.state.asked.at(-1);
		assert.equal(input?.principal.subject, "dana");
		assert.equal(input?.action, "sessions:read");
		assert.deepEqual(input?.resource, {
			type: "session",
			id: "s1",
			owner: "static|agent-7",
			connection: "orders",
			labels: { env: "prod" },
		});
		assert.equal(input?.client_address, "127.0.0.1");
	});

	it("denies everything without a policy", async () => {
		const { decide } = control.state;
		control.state.decide = null;
		const answer = await control.get("/api/v1/whoami");
		control.state.decide = decide;
		assert.equal(answer.status, 403);
		assert.equal(answer.json.code, "no_policy");
		assert.equal((await control.adminEvents()).at(-1), "identity:whoami denied");
	});

	it("writes a change into the record before it happens and tells how it ended", async () => {
		control.state.sessions.set("s2", sessionView("s2", "agent-7"));
		assert.equal((await control.post("/api/v1/sessions/s2/kill", { message: "enough" })).status, 200);
		assert.deepEqual(control.state.killed, ["s2: enough"]);
		await control.post("/api/v1/sessions/unknown/kill");
		assert.deepEqual(
			(await control.adminEvents()).filter((event) => event.startsWith("sessions:kill")),
			["sessions:kill allowed", "sessions:kill done", "sessions:kill allowed", "sessions:kill failed"],
		);
	});

	it("refuses JSON with unknown properties, wrong types and prototype tricks", async () => {
		for (const body of [
			{ messages: "x" },
			{ message: 3 },
			{ message: "a\nb" },
			JSON.parse('{"__proto__": {"message": "x"}}'),
		]) {
			const answer = await control.post("/api/v1/sessions/s9/kill", body);
			assert.equal(answer.status, 400);
			assert.equal(answer.json.code, "request_invalid");
		}
		assert.equal((await control.get("/api/v1/sessions?stat=open")).status, 400);
		assert.equal((await control.get("/api/v1/sessions?limit=many")).status, 400);
	});

	it("refuses a body over the limit and one of another type", async () => {
		const large = await control.post("/api/v1/policy/eval", {
			connection: "orders",
			sql: "x".repeat(3 << 20),
		});
		assert.equal(large.json.code, "request_too_large");
		const xml = await control.call("POST", "/api/v1/sessions/s9/kill", {
			body: Buffer.from("<a/>"),
			headers: { "content-type": "text/xml" },
		});
		assert.equal(xml.status, 415);
		assert.equal(xml.json.code, "media_type_unsupported");
	});

	it("takes archives nowhere but where bundles are pushed, and decides before it reads one", async () => {
		const archive = { body: Buffer.alloc(3 << 20), headers: { "content-type": "application/gzip" } };
		const elsewhere = await control.call("POST", "/api/v1/sessions/s9/kill", archive);
		assert.equal(elsewhere.json.code, "media_type_unsupported");
		const denied = await control.call("PUT", "/bundles/main", { ...archive, token: "agent-token" });
		assert.equal(denied.status, 403);
	});

	it("answers paths it does not have in the same form, and to everybody", async () => {
		const answer = await control.get("/api/v2/sessions", { token: "" });
		assert.equal(answer.status, 404);
		assert.equal(answer.json.code, "not_found");
		assert.equal((await control.get("/approvals/..%2f..%2fetc", { token: "" })).status, 400);
	});

	it("drops a client whose headers are larger than a token needs, and stays up", async () => {
		const port = Number(new URL(control.url).port);
		const answer = await new Promise<string>((resolve) => {
			let text = "";
			const socket = connect(port, "127.0.0.1", () =>
				socket.write(`GET /healthz HTTP/1.1\r\nhost: x\r\nx: ${"a".repeat(64 * 1024)}\r\n\r\n`),
			);
			socket.setEncoding("latin1").on("data", (chunk) => {
				text += chunk;
			});
			// The server closes with bytes unread, so the client may meet a reset before the answer.
			socket.on("close", () => resolve(text)).on("error", () => undefined);
		});
		assert.match(answer, /^(HTTP\/1\.1 431|$)/);
		assert.equal((await control.get("/healthz", { token: "" })).json.status, "ok");
	});
});

describe("the statuses of failures", () => {
	it("are given to codes that there are", async () => {
		const codes = new Set((await errorTables()).flatMap(({ table }) => Object.keys(table)));
		for (const code of Object.keys(STATUSES)) assert.ok(codes.has(code), code);
	});
});

describe("the control plane with a record that can't be written", () => {
	it("changes nothing and says so", async () => {
		const control = await startControl();
		try {
			await control.recorder.close();
			control.state.sessions.set("s1", sessionView("s1", "agent-7"));
			const answer = await control.post("/api/v1/sessions/s1/kill");
			assert.equal(answer.status, 503);
			assert.equal(answer.json.code, "record_closed");
			assert.deepEqual(control.state.killed, []);
			assert.equal((await control.get("/readyz", { token: "" })).status, 503);
		} finally {
			await control.stop();
		}
	});
});
