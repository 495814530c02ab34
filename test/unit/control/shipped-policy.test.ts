import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { buildOrPrebuilt } from "../../../src/policy/build/index.ts";
import { openPolicy, readBundleAt } from "../../../src/policy/index.ts";
import { type Control, sessionView, startControl } from "./support.ts";

describe("the control plane under the shipped policy", () => {
	let control: Control;
	before(async () => {
		const directory = await mkdtemp(join(tmpdir(), "sallyport-policy-"));
		try {
			await writeFile(join(directory, "bundle.tar.gz"), (await buildOrPrebuilt({ dirs: [] })).archive);
			const policy = await openPolicy(await readBundleAt(join(directory, "bundle.tar.gz")));
			control = await startControl({ decideAdmin: (input) => policy.decideAdmin(input) });
		} finally {
			await rm(directory, { recursive: true });
		}
		control.state.sessions.set("own", sessionView("own", "agent-7"));
		control.state.sessions.set("other", sessionView("other", "agent-8"));
	});
	after(() => control.stop());

	const asAgent = { token: "agent-token" };

	it("tells everybody who they are and which connections there are", async () => {
		assert.equal((await control.get("/api/v1/whoami", asAgent)).status, 200);
		assert.equal((await control.get("/api/v1/connections", asAgent)).status, 200);
	});

	it("lets an agent see and end its own session, and no other", async () => {
		const { sessions } = (await control.get("/api/v1/sessions", asAgent)).json;
		assert.deepEqual(
			sessions.map(({ id }: { id: string }) => id),
			["own"],
		);
		assert.equal((await control.get("/api/v1/sessions/other", asAgent)).status, 403);
		assert.equal((await control.post("/api/v1/sessions/other/kill", {}, asAgent)).status, 403);
		assert.equal(
			(await control.get("/api/v1/sessions/unknown", asAgent)).status,
			403,
			"no more than of one that is",
		);
		assert.equal((await control.post("/api/v1/sessions/own/kill", {}, asAgent)).status, 200);
	});

	it("lets an agent make no token, push no policy, read no metrics and evaluate nothing", async () => {
		const token = { subject: "agent-7", kind: "agent", expires_in: "1h" };
		assert.equal((await control.post("/api/v1/tokens", token, asAgent)).status, 403);
		assert.equal((await control.get("/metrics", asAgent)).status, 403);
		assert.equal((await control.get("/bundles/main", asAgent)).status, 403);
		assert.equal((await control.get("/api/v1/audit", asAgent)).status, 403);
		const push = { body: Buffer.from("x"), headers: { "content-type": "application/gzip" }, ...asAgent };
		assert.equal((await control.call("PUT", "/bundles/main", push)).status, 403);
		const evaluation = { connection: "orders", sql: "select 1" };
		assert.equal((await control.post("/api/v1/policy/eval", evaluation, asAgent)).status, 403);
	});

	it("lets a person make a token that can do no more than they can", async () => {
		const ask = async (body: object) =>
			(await control.post("/api/v1/tokens", { expires_in: "1h", ...body })).status;
		assert.equal(await ask({ subject: "dana", kind: "human", groups: ["dba"] }), 201);
		assert.equal(await ask({ subject: "dana", kind: "human", groups: ["admins"] }), 403);
		assert.equal(await ask({ subject: "erin", kind: "human" }), 403);
	});
});
