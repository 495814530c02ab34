import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { openPolicy, readBundleAt } from "../../src/policy/index.ts";
import { resolveOpa } from "../../tools/opa.mjs";
import { eventually } from "../acceptance/client.ts";
import { type BundleServerProcess, startBundleServer } from "../support/bundle-server.ts";
import { freePort } from "../support/free-port.ts";
import { buildPolicy } from "../support/gateway.ts";
import { unreferenced, watchdog } from "../support/watchdog.ts";

const rules = (word: string) => `package sallyport.command

deny contains {"rule": "${word}", "message": "no ${word}"} if {
	some statement in input.command.statements
	statement.kind == "${word}"
}
`;

/** What OPA and the compiled module are both asked. */
const inputOf = (kind: string) => ({
	principal: {
		subject: "a",
		kind: "agent",
		provider: "p",
		issuer: "p",
		email: null,
		groups: [],
		claims: {},
		on_behalf_of: null,
	},
	connection: { name: "orders", type: "postgres", labels: {} },
	session: {
		id: "s",
		started_at: "2026-01-01T00:00:00.000Z",
		client_address: "127.0.0.1",
		client_application: "psql",
		reason: "",
		startup: { user: "a", settings: {}, options: "" },
	},
	time: { rfc3339: "2026-01-01T00:00:00.000Z", unix: 1_767_225_600, weekday: "Thursday", hour: 0 },
	approvals: [],
	command: {
		type: "sql",
		dialect: "postgres",
		stage: "execute",
		text: "",
		fingerprint: "",
		parameters: [],
		statements: [
			{
				kind,
				effects: ["read"],
				effect: "read",
				relations: [],
				columns: [],
				functions: [],
				has_where: false,
				where_is_constant: false,
				limit: null,
				opaque: false,
				opaque_reasons: [],
				details: {},
				nested: [],
			},
		],
		writes: [],
	},
});

describe("a bundle server that stands alone, and OPA itself", () => {
	let directory: string;
	let server: BundleServerProcess;
	let opa: ChildProcess;
	let opaUrl: string;
	let said = "";
	before(async () => {
		directory = mkdtempSync(join(tmpdir(), "sallyport-opa-run-"));
		const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
		const key = publicKey.export({ type: "spki", format: "pem" });
		writeFileSync(join(directory, "sign.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
		server = await startBundleServer({ keys: { release: { algorithm: "RS256", key } } });
		await publish("select");
		const port = await freePort();
		opaUrl = `http://127.0.0.1:${port}`;
		const config = {
			services: { sallyport: { url: server.url, credentials: { bearer: { token: server.tokens.gateway } } } },
			keys: { release: { algorithm: "RS256", key } },
			bundles: {
				main: {
					service: "sallyport",
					resource: "bundles/main/rego",
					polling: { long_polling_timeout_seconds: 30 },
					signing: { keyid: "release" },
				},
			},
			status: { service: "sallyport" },
			labels: { env: "wire" },
		};
		writeFileSync(join(directory, "opa.json"), JSON.stringify(config));
		const args = ["run", "--server", "--addr", `127.0.0.1:${port}`, "-c", join(directory, "opa.json")];
		opa = spawn(await resolveOpa({ quiet: true }), args, { stdio: ["ignore", "ignore", "pipe"] });
		watchdog(opa, null);
		unreferenced(opa);
		opa.stderr?.on("data", (text) => {
			said += text;
		});
	});
	after(async () => {
		opa?.ref();
		opa?.kill("SIGKILL");
		if (opa !== undefined && opa.exitCode === null) await once(opa, "exit");
		await server?.stop();
		rmSync(directory, { recursive: true, force: true });
	});

	/** Builds, signs and pushes a policy that denies one kind of statement. Answers the revision. */
	async function publish(word: string): Promise<string> {
		const file = join(directory, `${word}.tar.gz`);
		await buildPolicy({ files: { "rules.rego": rules(word) } }, file);
		const signed = join(directory, `${word}-signed.tar.gz`);
		const sign = [
			"bundle",
			"sign",
			file,
			"-o",
			signed,
			"--sign-key",
			join(directory, "sign.pem"),
			"--key-id",
			"release",
		];
		for (const words of [sign, ["bundle", "push", "main", signed, "--json"]]) {
			const { code, stderr, stdout } = await server.cli(words);
			assert.equal(code, 0, stderr);
			if (words[1] === "push") return (JSON.parse(stdout) as { revision: string }).revision;
		}
		throw new Error("nothing was pushed");
	}

	const asked = async (kind: string): Promise<unknown> => {
		const body = JSON.stringify({ input: inputOf(kind) });
		const answer = await fetch(`${opaUrl}/v1/data/sallyport/command/decision`, {
			method: "POST",
			body,
			headers: { "content-type": "application/json" },
		}).catch(() => undefined);
		const { result } = ((await answer?.json()) ?? {}) as { result?: unknown };
		return result;
	};

	it("runs the sources of a signed revision and decides as the compiled module does", async () => {
		await eventually(`OPA's decision\n${said}`, () => asked("select"));
		const policy = await openPolicy(await readBundleAt(join(directory, "select.tar.gz")));
		for (const kind of ["select", "insert"]) {
			const compiled = policy.decideCommand(JSON.stringify(inputOf(kind))).decision;
			assert.deepEqual(await asked(kind), compiled, kind);
		}
	});

	it("takes up a new revision by its long poll, and the server knows what it runs", async () => {
		const denied = async (kind: string) =>
			((await asked(kind)) as { action: string } | undefined)?.action === "deny";
		assert.equal(await denied("insert"), false);
		const revision = await publish("insert");
		await eventually("the new revision", async () => ((await denied("insert")) ? true : undefined));
		const reported = await eventually("its status report", async () => {
			const { stdout } = await server.cli(["bundle", "status", "--json"]);
			const { gateways } = JSON.parse(stdout) as {
				gateways: { labels: Record<string, string>; bundles: { active_revision: string }[] }[];
			};
			return gateways.find(({ bundles }) => bundles[0]?.active_revision === revision);
		});
		assert.equal(reported.labels["env"], "wire");
		assert.match((await server.cli(["bundle", "status"])).stdout, new RegExp(`env=wire.*main +${revision}`));
	});

	it("shows what changed from one revision to the other", async () => {
		const { stdout } = await server.cli(["bundle", "ls", "--json"]);
		const [newest, before] = JSON.parse(stdout) as { etag: string }[];
		const words = ["bundle", "diff", "main", before?.etag.slice(0, 12) ?? "", newest?.etag ?? ""];
		const text = (await server.cli(words)).stdout;
		assert.match(text, /- {4}statement\.kind == "select"\n {2}\+ {4}statement\.kind == "insert"/);
		const json = JSON.parse((await server.cli([...words, "--json"])).stdout) as { same: boolean };
		assert.equal(json.same, false);
		const files = ["select.tar.gz", "select-signed.tar.gz"].map((name) => join(directory, name));
		assert.match((await server.cli(["bundle", "diff", ...files])).stdout, /They say the same/);
	});
});
