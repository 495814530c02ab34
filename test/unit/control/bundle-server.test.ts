import assert from "node:assert/strict";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { isCanary } from "../../../src/control/bundles/channels.ts";
import { type Control, startControl } from "./support.ts";

const BUNDLES = "application/vnd.openpolicyagent.bundles";

let control: Control;
before(async () => {
	control = await startControl();
	control.state.decide = () => true;
});
after(() => control.stop());

/** A made-up archive: the shelf's own inspector reads what a bundle would say. */
const archive = (revision: string, sequence: number | null, more: object = {}) =>
	Buffer.from(JSON.stringify({ revision, sequence, signed: false, ...more }));
const push = (name: string, body: Buffer, query = "") =>
	control.call("PUT", `/bundles/${name}${query}`, { body, headers: { "content-type": "application/gzip" } });
const get = (path: string, headers: object = {}) => control.get(`/bundles/${path}`, { headers });
const revisionOf = async (path: string, headers: object = {}) =>
	JSON.parse((await get(path, headers)).text).revision;
const promote = (name: string, body: object) => control.post(`/api/v1/bundles/${name}/promote`, body);
const labels = (text: string) => ({ "sallyport-labels": text });

describe("the bundle protocol", () => {
	it("answers with an entity tag and, to the letter, the type that announces long polls", async () => {
		await push("plain", archive("a", 1));
		const first = await get("plain");
		assert.equal(first.headers.get("content-type"), BUNDLES);
		const etag = first.headers.get("etag") ?? "";
		for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"])
			assert.equal((await get("plain", { "if-none-match": known })).status, 304, known);
		assert.equal((await get("plain", { "if-none-match": '"other"' })).status, 200);
		assert.equal((await get("nothing")).status, 404);
	});

	it("keeps a long poll waiting, and answers it within 50 ms of a promotion", async () => {
		await push("polled", archive("a", 1));
		const times: number[] = [];
		for (let sequence = 2; sequence < 9; sequence += 1) {
			const known = (await get("polled")).headers.get("etag") ?? "";
			await push("polled", archive("next", sequence), "?channel=none");
			const waiting = get("polled", { "if-none-match": known, prefer: "modes=snapshot,delta;wait=10" });
			let answered = false;
			void waiting.then(() => {
				answered = true;
			});
			await control.get("/healthz");
			await control.get("/api/v1/bundles");
			assert.equal(answered, false, "nothing has changed for it yet");
			await promote("polled", { revision: "next", channel: "stable" });
			const started = performance.now();
			const answer = await waiting;
			times.push(performance.now() - started);
			assert.equal(answer.status, 200);
			assert.equal(JSON.parse(answer.text).sequence, sequence);
		}
		const median = times.sort((a, b) => a - b)[3] ?? Number.NaN;
		assert.ok(median < 50, `${times.map(Math.round)} ms`);
	});

	it("ends a long poll without news when its time is up", async () => {
		await push("quiet", archive("a", 1));
		const known = (await get("quiet")).headers.get("etag") ?? "";
		const started = performance.now();
		const answer = await get("quiet", { "if-none-match": known, prefer: "wait=1" });
		assert.equal(answer.status, 304);
		assert.ok(performance.now() - started > 900);
	});

	it("gives what it waited for to nobody who lost the right to it meanwhile", async () => {
		await push("lost", archive("a", 1));
		const known = (await get("lost")).headers.get("etag") ?? "";
		const made = await control.post("/api/v1/tokens", { subject: "g", kind: "service", expires_in: "1h" });
		const { token, record } = made.json;
		const waiting = control.get("/bundles/lost", {
			token,
			headers: { "if-none-match": known, prefer: "wait=10" },
		});
		await control.get("/api/v1/bundles");
		await control.call("DELETE", `/api/v1/tokens/${record.id}`);
		await push("lost", archive("b", 2));
		assert.equal((await waiting).status, 401);
	});

	it("bounds how many wait, and forgets those that went away", async () => {
		await push("crowd", archive("a", 1));
		const headers = {
			authorization: "Bearer dana-token",
			"if-none-match": (await get("crowd")).headers.get("etag") ?? "",
			prefer: "wait=10",
		};
		const gone = new AbortController();
		const waiting = Array.from({ length: 10 }, () =>
			fetch(`${control.url}/bundles/crowd`, { headers, signal: gone.signal }).catch(() => "gone"),
		);
		const refused = async () => (await get("crowd", { ...headers, prefer: "wait=1" })).json?.code;
		for (let tries = 0; (await refused()) !== "too_many_waiting"; tries += 1) assert.ok(tries < 20);
		gone.abort();
		await Promise.all(waiting);
		for (let tries = 0; (await refused()) !== undefined; tries += 1) assert.ok(tries < 20);
	});

	it("gives OPA the variant without the module, and says where there is none", async () => {
		await push("variant", archive("a", 1, { rego: "rules" }));
		const answer = await get("variant/rego");
		assert.equal(answer.text, "rules");
		assert.notEqual(answer.headers.get("etag"), (await get("variant")).headers.get("etag"));
		await push("variant", archive("b", 2));
		assert.match((await get("variant/rego")).json.message, /no sources/);
	});
});

describe("revisions and channels", () => {
	it("say who pushed them and from what commit, and are never changed", async () => {
		const first = (await push("told", archive("a", 1), "?commit=abc123")).json;
		assert.equal(first.commit, "abc123");
		assert.equal(first.pushed_by, "static|dana");
		assert.deepEqual(first.channels, ["stable"]);
		const again = (await push("told", archive("a", 1), "?commit=other")).json;
		assert.deepEqual(again, first);
		assert.equal((await push("told", archive("b", 1))).json.code, "bundle_conflict");
		assert.equal((await push("told", archive("b", null))).json.code, "bundle_conflict");
		assert.equal((await push("told", Buffer.alloc((1 << 20) + 1))).status, 413);
	});

	it("reach canaries by label, by share or by name, and all others when they are promoted", async () => {
		await push("c", archive("old", 1));
		assert.equal(
			(await push("c", archive("new", 2), "?channel=canary")).json.code,
			"bundle_canaries_missing",
		);
		await push("c", archive("new", 2), "?channel=none");
		const canaries = { labels: { env: "staging", tier: "1" }, share: 0 };
		const promoted = (await promote("c", { revision: "new", channel: "canary", canaries })).json;
		assert.deepEqual(promoted.channels, ["canary"]);
		assert.equal(await revisionOf("c"), "old");
		assert.equal(await revisionOf("c", labels("id=a, env=staging")), "old");
		assert.equal(await revisionOf("c", labels("tier=1,id=a, env=staging")), "new");
		assert.equal(await revisionOf("c?channel=canary"), "new");
		assert.equal(await revisionOf("c?channel=stable", labels("env=staging,tier=1")), "old");
		await promote("c", { revision: "canary", channel: "canary", canaries: { labels: null, share: 100 } });
		assert.equal(await revisionOf("c"), "new");
		await promote("c", { revision: "canary", channel: "stable" });
		await promote("c", { revision: "canary", channel: "canary", canaries: { labels: null, share: 0 } });
		assert.equal(await revisionOf("c"), "new");
		assert.equal((await promote("c", { revision: "old", channel: "stable" })).json.code, "bundle_conflict");
		assert.equal((await promote("c", { revision: "never", channel: "stable" })).status, 404);
	});

	it("give a canary what is stable once that is newer, and never anything older", async () => {
		await push("s", archive("one", 1));
		await push("s", archive("two", 2), "?channel=none");
		await promote("s", { revision: "two", channel: "canary", canaries: { labels: null, share: 100 } });
		await push("s", archive("three", 3));
		assert.equal(await revisionOf("s"), "three");
		assert.equal((await promote("s", { revision: "one", channel: "canary" })).json.code, "bundle_conflict");
	});

	it("go back under a new, higher sequence: stable to the one before, the canary to what is stable", async () => {
		await push("r", archive("one", 1));
		await push("r", archive("two", 2));
		const back = (await control.post("/api/v1/bundles/r/rollback", {})).json;
		assert.equal(back.revision, "one");
		assert.ok(back.sequence > 2);
		await push("r", archive("three", back.sequence + 1), "?channel=none");
		await promote("r", { revision: "three", channel: "canary", canaries: { labels: null, share: 100 } });
		assert.equal(await revisionOf("r"), "three");
		const canary = (await control.post("/api/v1/bundles/r/rollback", { channel: "canary" })).json;
		assert.equal(canary.revision, "one");
		assert.ok(canary.sequence > back.sequence + 1);
		assert.equal(await revisionOf("r"), "one");
		const named = (await control.post("/api/v1/bundles/r/rollback", { to: "two" })).json;
		assert.equal(named.revision, "two");
		assert.ok(named.sequence > canary.sequence);
	});

	it("are forgotten beyond those that are kept, unless a channel has them", async () => {
		await push("k", archive("first", 1));
		for (let sequence = 2; sequence < 9; sequence += 1)
			await push("k", archive(`r${sequence}`, sequence), "?channel=none");
		const { published } = (await control.get("/api/v1/bundles")).json;
		const kept = published.filter(({ name }: { name: string }) => name === "k");
		assert.deepEqual(
			kept.map(({ revision }: { revision: string }) => revision),
			["r8", "r7", "r6", "r5", "first"],
		);
		for (const { etag } of kept) await access(join(control.directory, "shelf", "k", `${etag}.tar.gz`));
		assert.equal(await revisionOf("k"), "first");
	});

	it("have canaries that a larger share only adds to", () => {
		const ids = Array.from({ length: 2_000 }, (_, i) => ({ id: `gateway-${i}`, labels: {}, channel: null }));
		const of = (share: number) =>
			new Set(ids.filter((asker) => isCanary({ labels: null, share }, "main", asker)).map(({ id }) => id));
		const [few, more] = [of(10), of(30)];
		assert.ok(few.size > 140 && few.size < 260, `${few.size} of 2000 at 10 %`);
		assert.ok([...few].every((id) => more.has(id)));
		assert.equal(of(0).size, 0);
		assert.equal(of(100).size, 2_000);
	});
});

describe("status reports", () => {
	const report = (body: object, path = "/status") => control.post(path, body);

	it("tell which gateway runs which revision since when, and why not another", async () => {
		const since = "2026-11-26T10:00:00.123456789Z";
		const bundles = {
			main: { active_revision: "r7", last_successful_activation: since, code: "bundle_error", message: "no" },
			other: { last_successful_activation: "0001-01-01T00:00:00Z", metrics: { timer: 1 } },
		};
		assert.equal((await report({ labels: { id: "gw-1", env: "prod" }, bundles, plugins: {} })).status, 200);
		assert.equal((await report({ labels: { id: "gw-2" }, bundles: {} }, "/status/")).status, 200);
		assert.equal((await report({ labels: { id: "gw-2" } }, "/status/partition")).status, 200);
		const { gateways } = (await control.get("/api/v1/bundles")).json;
		assert.deepEqual(
			gateways.map(({ id }: { id: string }) => id),
			["gw-1", "gw-2"],
		);
		const [main, other] = gateways[0].bundles;
		assert.equal(main.active_revision, "r7");
		assert.equal(main.active_since, since);
		assert.equal(main.code, "bundle_error");
		assert.equal(other.active_since, null);
		assert.equal(gateways[0].reported_by, "static|dana");
	});

	it("are refused where they are none, and are nobody else's to replace", async () => {
		for (const body of [{}, { labels: 1 }, { labels: { id: "x" }, bundles: [] }, { labels: { id: 7 } }])
			assert.equal((await report(body)).status, 400, JSON.stringify(body));
		await control.post("/status", { labels: { id: "gw-1" } }, { token: "agent-token" });
		const { gateways } = (await control.get("/api/v1/bundles")).json;
		const own = gateways.filter(({ id }: { id: string }) => id === "gw-1");
		assert.equal(own.length, 2);
	});
});
