import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { BundleShelf, bundleInspector } from "../../../src/control/index.ts";
import { Secret, systemClock } from "../../../src/lib/index.ts";
import { buildOrPrebuilt } from "../../../src/policy/build/index.ts";
import { type Control, sessionView, startControl } from "../control/support.ts";
import { sallyport } from "./support.ts";

const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
const publicKey = keys.publicKey.export({ type: "spki", format: "pem" }) as string;
const privateKey = keys.privateKey.export({ type: "pkcs8", format: "pem" }) as string;

describe("the command line on a gateway", () => {
	let control: Control;
	let env: NodeJS.ProcessEnv;
	const at = (name: string) => join(control.directory, name);
	const run = (...words: string[]) => sallyport(words, env);

	before(async () => {
		control = await startControl();
		control.state.decide = () => true;
		env = { SALLYPORT_URL: control.url, SALLYPORT_TOKEN: "dana-token", TZ: "UTC" };
		await writeFile(at("sign.pem"), privateKey);
		await writeFile(at("verify.pem"), publicKey);
	});
	after(() => control.stop());

	it("says who one is", async () => {
		const { out } = await run("whoami");
		assert.match(out, /^subject {6,}dana$/m);
		assert.equal(JSON.parse((await run("whoami", "--json")).out).principal.kind, "human");
	});

	it("passes on what the gateway refuses, with its remedy and code", async () => {
		control.state.decide = () => false;
		const { code, err } = await run("sessions", "ls");
		control.state.decide = () => true;
		assert.equal(code, 1);
		assert.match(err, /^error: Denied by policy: said the test .*\nremedy: ask the test\ncode: forbidden\n$/);
	});

	it("lists, shows and ends sessions", async () => {
		assert.match((await run("sessions", "ls")).err, /No session is open/);
		assert.equal((await run("sessions", "ls", "--json")).out, "[]\n");
		control.state.sessions.set("s1", sessionView("s1", "agent-7\u001b[31m"));
		const { out } = await run("sessions", "ls");
		assert.match(out, /^ID +WHO +KIND/);
		assert.ok(!out.includes("\u001b"), "a name can't colour the terminal");
		assert.match((await run("sessions", "show", "s1")).out, /connection +orders env=prod/);
		assert.equal((await run("sessions", "kill", "s1", "--message", "enough")).out, "ended s1\n");
		assert.deepEqual(control.state.killed, ["s1: enough"]);
		assert.match((await run("sessions", "replay", "s1")).err, /code: not_found/);
		assert.match((await run("sessions", "tail", "s1")).err, /code: not_found/);
	});

	it("makes a token of which only the token is on stdout, and revokes it", async () => {
		const made = await run("token", "create", "--subject", "ci", "--expires", "1h", "--group", "a", "b");
		assert.match(made.out, /^sp_[0-9a-z]+_[0-9a-f]{64}\n$/);
		assert.match(made.err, /shown this once/);
		const [token] = JSON.parse((await run("token", "ls", "--json")).out);
		assert.deepEqual(token.groups, ["a", "b"]);
		assert.equal((await run("token", "revoke", token.id)).out, `revoked ${token.id}\n`);
		assert.match((await run("token", "ls")).out, / revoked$/m);
	});

	it("lists and tries connections", async () => {
		assert.match((await run("connections", "ls")).out, /orders +postgres +env=prod +- +127\.0\.0\.1:15432/);
		assert.match((await run("connections", "test", "orders")).out, /server +18\.4/);
		assert.match((await run("connections", "test", "other")).err, /code: not_found/);
		assert.match((await run("connect", "other")).err, /code: connection_unknown/);
	});

	it("shows an approval whole and answers it", async () => {
		const pending = control.approvals.request({
			binding: {
				hash: "0".repeat(64),
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
					text: `DELETE FROM orders\nWHERE id IN (${"1, ".repeat(200)}2)\u202e`,
					runs: [],
					parameters: [],
					role: "app",
					effects: ["write"],
					relations: [],
					reason: "INC-1",
				},
			},
			requirement: { rule: "bulk", approvers: ["user:static/dana"], min: 1, expires: "5m", scope: "command" },
			command: "c1",
		});
		const { out } = await run("approvals", "show", pending.id);
		assert.ok(out.includes("1, ".repeat(200)), "nothing is cut");
		assert.match(out, /⟨U\+202E⟩/);
		assert.match(out, /why +INC-1/);
		assert.match((await run("approvals", "ls")).out, /pending +agent-7 +orders +bulk/);
		assert.equal(
			(await run("approvals", "approve", pending.id, "--reason", "fine")).out,
			`${pending.id}: granted\n`,
		);
		assert.match((await run("approvals", "deny", pending.id)).err, /code: approval_already_answered/);
	});

	it("searches and verifies the record", async () => {
		const { out } = await run(
			"audit",
			"search",
			"--type",
			"admin",
			"--action",
			"allow",
			"--limit",
			"3",
			"--json",
		);
		assert.equal(out.trimEnd().split("\n").length, 3);
		const intact = await run("audit", "verify", at("record"));
		assert.equal(intact.code, 0, intact.out);
		assert.match(intact.out, /^ok: \d+ events/m);
		const exported = await run("audit", "export", "-o", at("events.jsonl"));
		const lines = readFileSync(at("events.jsonl"), "utf8").trimEnd().split("\n");
		assert.equal(exported.out, `${at("events.jsonl")}: ${lines.length} events\n`);
		assert.equal(statSync(at("events.jsonl")).mode & 0o777, 0o600);
		for (const line of lines) assert.equal(typeof JSON.parse(line).seq, "number");
		const again = await run("audit", "export", "-o", at("events.jsonl"));
		assert.match(again.err, /code: file_unwritable/, "what is there is not written over");
		assert.equal((await run("audit", "export", "--since", "2100-01-01")).out, "");
		const copy = at("copy.log");
		assert.equal((await run("audit", "verify", copy)).code, 1);
	});

	it("builds, signs, verifies, pushes and rolls back a signed bundle", async () => {
		const key = { algorithm: "ES256" as const, key: new Secret(publicKey) };
		const shelf = new BundleShelf({
			directory: at("signed-shelf"),
			clock: systemClock,
			keep: 50,
			waiting: 10,
			...bundleInspector({ bundles: {}, keys: { release: key } }),
		});
		const server = await startControl({ bundles: shelf });
		server.state.decide = () => true;
		try {
			const on = { ...env, SALLYPORT_URL: server.url };
			const built = await buildOrPrebuilt({ dirs: [], sequence: 1 });
			await writeFile(at("plain.tar.gz"), built.archive);
			const refused = await sallyport(["bundle", "push", "main", at("plain.tar.gz")], on);
			assert.match(refused.err, /code: bundle_signature/);
			for (const sequence of ["5", "6"]) {
				const file = at(`signed-${sequence}.tar.gz`);
				const words = ["bundle", "sign", at("plain.tar.gz"), "-o", file, "--sign-key", at("sign.pem")];
				assert.equal((await sallyport([...words, "--sequence", sequence])).code, 0);
				const pushed = await sallyport(["bundle", "push", "main", file], on);
				assert.equal(pushed.code, 0, pushed.err);
			}
			const verified = await sallyport([
				"bundle",
				"verify",
				at("signed-5.tar.gz"),
				"--verify-key",
				at("verify.pem"),
				"--algorithm",
				"ES256",
				"--json",
			]);
			assert.equal(JSON.parse(verified.out).sequence, 5);
			const unsigned = await sallyport(["bundle", "rollback", "main"], on);
			assert.match(unsigned.err, /code: bundle_signed/);
			const back = await sallyport(
				["bundle", "rollback", "main", "--sign-key", at("sign.pem"), "--json"],
				on,
			);
			assert.equal(back.code, 0, back.err);
			const { sequence, revision, current } = JSON.parse(back.out);
			assert.ok(sequence > 6 && current);
			assert.equal(revision, built.revision);
			assert.match((await sallyport(["bundle", "ls"], on)).out, /stable/);
			assert.match((await sallyport(["bundle", "status"], on)).out, /^In force: r1/);
		} finally {
			await server.stop();
		}
	});

	it("evaluates a bundle without a gateway", async () => {
		const { archive } = await buildOrPrebuilt({ dirs: [], sequence: 1 });
		await writeFile(at("offline.tar.gz"), archive);
		const input = {
			principal: {
				subject: "a",
				kind: "human",
				provider: "p",
				issuer: "i",
				email: null,
				groups: ["admins"],
				claims: {},
				on_behalf_of: null,
			},
			action: "bundle:push",
			resource: { type: "bundle", id: "x", owner: null, connection: null, labels: {} },
			time: { rfc3339: "2026-01-01T00:00:00Z", unix: 1, weekday: "Monday", hour: 3 },
			client_address: "127.0.0.1",
		};
		await writeFile(at("input.json"), JSON.stringify(input));
		const words = ["policy", "eval", "--bundle", at("offline.tar.gz"), "--input", at("input.json")];
		const answer = JSON.parse((await sallyport([...words, "--json"])).out);
		assert.equal(answer.decision.action, "allow");
		assert.ok(answer.cost > 0);
		assert.deepEqual(answer.input, input);
		assert.match((await sallyport(words)).out, /^action +allow\nrules +role-admins/m);
		assert.equal((await run("policy", "library", "-o", at("library"))).code, 0);
		assert.match(
			await readFile(at("library/sallyport/command/decision.rego"), "utf8"),
			/package sallyport\.command/,
		);
	});
});
